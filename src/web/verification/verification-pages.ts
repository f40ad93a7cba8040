import type { FastifyPluginAsync, FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { hashToken } from '../../core/link-token.ts';
import { PHOTO_PROBLEMS } from '../../domain/alerting/check-photo.ts';
import { LANGUAGES } from '../../domain/language.ts';
import { errorPage } from '../error-page.ts';
import { headersOf, type Page, PAGE_HEADERS, renderPage } from '../page.ts';
import { refuseOtherSites } from '../same-site.ts';
import { alertPage } from './alert-page.ts';
import { contradictionPage } from './contradiction-page.ts';
import { loadVisit, type Visit } from './load-visit.ts';
import { overPage } from './over-page.ts';
import { photoNotice } from './photo/photo-notice.ts';
import { PICTURE_HEADERS, pictureOf, withPhotos } from './photo/photos-of-check.ts';
import { type ReadForm, takePhotos } from './photo/take-photo.ts';
import { receiveAnswer } from './receive-answer.ts';
import { receiveClaim } from './receive-claim.ts';
import { receiveContradiction } from './receive-contradiction.ts';
import { correctionOr, receiveCorrection } from './receive-correction.ts';
import { receiveDaily } from './receive-daily.ts';
import { receiveNote, showNotes } from './receive-note.ts';
import { resultPage } from './result-page.ts';
import { textsFor } from './texts.ts';
import { tooManyPage } from './too-many-page.ts';
import type { PageAnswer, VerificationDeps } from './verification-deps.ts';

const params = z.object({ token: z.string() });
const querystring = z.object({ lang: z.enum(LANGUAGES).optional().catch(undefined) });

const photoQuery = z.object({ photo: z.enum(PHOTO_PROBLEMS).optional().catch(undefined) });
const photoParams = z.object({ photoId: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });

type VisitAnswer = PageAnswer | { readonly picture: Buffer };
type Answering = (visit: Visit, request: FastifyRequest) => VisitAnswer | Promise<VisitAnswer>;

/**
 * The pages behind the link in a text. `GET /v/:token` shows how things stand and `POST /v/:token` takes what was found;
 * below it are `claim` ("I am on my way"), `result` (what an answer led to), `correct` (takes one's own answer back),
 * `again` (contradicts the end of an alert), `note`, `daily` (a guardian's daily word), and where the operator wants photos
 * `photo/:photoId`.
 *
 * Opening a page changes nothing about an alert, however often and by whatever program: only a form that somebody filled
 * in does. The first opening of a link is written down.
 */
export const verificationPages: FastifyPluginCallback<VerificationDeps> = (app, deps, done) => {
  void app.register(linkRoutes, { ...deps, prefix: '/v' });
  done();
};

const linkRoutes: FastifyPluginAsync<VerificationDeps> = async (app, deps) => {
  const readForm = deps.takesPhotos ? await takePhotos(app, deps) : withoutPhoto;
  const onVisit = (answer: Answering) => async (request: FastifyRequest, reply: FastifyReply) => {
    const visit = await loadVisit(deps, params.parse(request.params).token, querystring.parse(request.query).lang);
    if (visit.kind === 'unknown') return send(reply, { status: 404, page: errorPage(404) });
    if (visit.kind === 'over') return send(reply, { status: 410, page: overPage(visit.language) });
    return send(reply, await answer(visit, request));
  };
  const show = (part: string, answer: Answering) => app.get(`/:token${part}`, onVisit(answer));
  const take = (part: string, answer: Answering) => {
    app.post(
      `/:token${part}`,
      onVisit(async (visit, request) => {
        if (await deps.admit(hashToken(visit.token))) return answer(visit, request);
        return { status: 429, page: tooManyPage({ ...deps, visit }) };
      }),
    );
  };

  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addHook('onRequest', refuseOtherSites);
  show('', async (visit, { method }) => {
    if (method === 'GET') await deps.noteOpening(visit.alert);
    return { status: 200, page: await photosBelow(deps, visit, alertPage({ ...deps, visit })) };
  });
  show('/result', async (visit, { query }) => {
    const page = await photosBelow(deps, visit, resultOf(deps, visit));
    const { photo } = photoQuery.parse(query);
    return { status: 200, page: photo ? photoNotice(page, textsFor(visit.language).photo.problems[photo]) : page };
  });
  show('/correct', (visit) => correctionOr(deps, visit));
  show('/again', (visit) => ({ status: 200, page: againOf(deps, visit) }));
  show('/note', (visit) => showNotes(deps, visit));
  const takeAnswer = (part: string, receive: typeof receiveAnswer) => {
    take(part, (visit, request) => readForm(visit, request, (of, body) => receive(deps, of, body)));
  };
  if (deps.takesPhotos) show('/photo/:photoId', (visit, request) => showPicture(deps, visit, request));
  takeAnswer('', receiveAnswer);
  takeAnswer('/correct', receiveCorrection);
  takeAnswer('/again', receiveContradiction);
  take('/claim', (visit, { body }) => receiveClaim(deps, visit, body));
  take('/daily', (visit, { body }) => receiveDaily(deps, visit, body));
  take('/note', (visit, { body }) => receiveNote(deps, visit, body));
};

const withoutPhoto: ReadForm = (visit, { body }, receive) => receive(visit, body);

function photosBelow(deps: VerificationDeps, visit: Visit, page: Page): Page | Promise<Page> {
  return deps.takesPhotos ? withPhotos(deps, visit, page) : page;
}

/** Without an answer of one's own there is no result to show, only the alert. */
function resultOf(deps: VerificationDeps, visit: Visit): Page {
  return visit.self.outcome ? resultPage({ ...deps, visit }) : alertPage({ ...deps, visit });
}

/** An alert that is not over needs no contradiction: its own form takes everything. */
function againOf(deps: VerificationDeps, visit: Visit): Page {
  return visit.alert.state === 'closed' ? contradictionPage({ ...deps, visit }) : alertPage({ ...deps, visit });
}

async function showPicture(deps: VerificationDeps, visit: Visit, request: FastifyRequest): Promise<VisitAnswer> {
  const asked = photoParams.safeParse(request.params);
  const picture = asked.success ? await pictureOf(deps, visit, asked.data.photoId) : undefined;
  return picture ? { picture } : { status: 404, page: errorPage(404) };
}

function send(reply: FastifyReply, answer: VisitAnswer): FastifyReply {
  if ('picture' in answer) return reply.headers(PICTURE_HEADERS).send(answer.picture);
  if ('seeOther' in answer) return reply.headers(PAGE_HEADERS).redirect(answer.seeOther, 303);
  return reply.code(answer.status).headers(headersOf(answer.page)).send(renderPage(answer.page));
}
