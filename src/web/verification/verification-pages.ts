import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { LANGUAGES } from '../../domain/language.ts';
import { errorPage } from '../error-page.ts';
import { type Page, PAGE_HEADERS, renderPage } from '../page.ts';
import { refuseOtherSites } from '../same-site.ts';
import { alertPage } from './alert-page.ts';
import { loadVisit, type Visit } from './load-visit.ts';
import { overPage } from './over-page.ts';
import { receiveAnswer } from './receive-answer.ts';
import { receiveClaim } from './receive-claim.ts';
import { resultPage } from './result-page.ts';
import type { PageAnswer, VerificationDeps } from './verification-deps.ts';

const params = z.object({ token: z.string() });
const querystring = z.object({ lang: z.enum(LANGUAGES).optional().catch(undefined) });

/**
 * The page behind the link in a text: `GET /v/:token` shows it, `POST /v/:token` takes what was found,
 * `POST /v/:token/claim` takes "I am on my way", `GET /v/:token/result` shows what an answer led to.
 *
 * Opening it changes nothing, however often and by whatever program: only a form that somebody filled in does.
 */
export const verificationPages: FastifyPluginCallback<VerificationDeps> = (app, deps, done) => {
  void app.register(linkRoutes, { ...deps, prefix: '/v' });
  done();
};

const linkRoutes: FastifyPluginCallback<VerificationDeps> = (app, deps, done) => {
  const { emergencyNumbers } = deps;
  const onVisit =
    (answer: (visit: Visit, request: FastifyRequest) => PageAnswer | Promise<PageAnswer>) =>
    async (request: FastifyRequest, reply: FastifyReply) => {
      const visit = await loadVisit(deps, params.parse(request.params).token, querystring.parse(request.query).lang);
      if (visit.kind === 'unknown') return send(reply, { status: 404, page: errorPage(404) });
      if (visit.kind === 'over') return send(reply, { status: 410, page: overPage(visit.language) });
      return send(reply, await answer(visit, request));
    };

  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addHook('onRequest', refuseOtherSites);
  app.get(
    '/:token',
    onVisit((visit) => ({ status: 200, page: alertPage({ visit, emergencyNumbers }) })),
  );
  app.get(
    '/:token/result',
    onVisit((visit) => ({ status: 200, page: resultOf(visit, emergencyNumbers) })),
  );
  app.post(
    '/:token',
    onVisit((visit, { body }) => receiveAnswer(deps, visit, body)),
  );
  app.post(
    '/:token/claim',
    onVisit((visit) => receiveClaim(deps, visit)),
  );
  done();
};

/** Without an answer of one's own there is no result to show, only the alert. */
function resultOf(visit: Visit, emergencyNumbers: string): Page {
  return visit.self.outcome ? resultPage({ visit, emergencyNumbers }) : alertPage({ visit, emergencyNumbers });
}

function send(reply: FastifyReply, answer: PageAnswer): FastifyReply {
  if ('seeOther' in answer) return reply.headers(PAGE_HEADERS).redirect(answer.seeOther, 303);
  return reply.code(answer.status).headers(PAGE_HEADERS).send(renderPage(answer.page));
}
