import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { EnteredCode, Redeemed } from '../../alerts/redeem-check-code.ts';
import { ATTEMPT_WINDOW_MS } from '../../domain/alerting/code-limits.ts';
import { type Language, LANGUAGES } from '../../domain/language.ts';
import { SECOND_MS } from '../../domain/time.ts';
import { PAGE_HEADERS, renderPage } from '../page.ts';
import { refuseOtherSites } from '../same-site.ts';
import { codePage, type CodePageInput } from './code-page.ts';

export interface CodePagesOptions {
  readonly redeem: (entered: EnteredCode) => Promise<Redeemed>;
  /** As the operator wrote them, separated by spaces: `120 110 119`. */
  readonly emergencyNumbers: string;
}

const querystring = z.object({ lang: z.enum(LANGUAGES).optional().catch(undefined) });
const LONGEST_ENTRY = 40;
const entry = z.string().max(LONGEST_ENTRY).catch('');
const sentForm = z.object({ code: entry, phone: entry }).catch({ code: '', phone: '' });

/**
 * The fixed address for texts that may carry no link: `GET /c` asks for the code, `POST /c` takes it and leads on to the
 * same page as a link would. The code itself is never part of an address.
 */
export const codePages: FastifyPluginCallback<CodePagesOptions> = (app, options, done) => {
  void app.register(codeRoutes, { ...options, prefix: '/c' });
  done();
};

const codeRoutes: FastifyPluginCallback<CodePagesOptions> = (app, { redeem, emergencyNumbers }, done) => {
  const show = (reply: FastifyReply, status: number, input: Omit<CodePageInput, 'emergencyNumbers'>) =>
    reply
      .code(status)
      .headers(PAGE_HEADERS)
      .send(renderPage(codePage({ ...input, emergencyNumbers })));

  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addHook('onRequest', refuseOtherSites);
  app.get('/', (request, reply) => show(reply, 200, languageFor(request)));
  app.post('/', async (request, reply) => {
    const form = sentForm.parse(request.body ?? {});
    const redeemed = await redeem({ code: form.code, phoneDigits: form.phone, address: request.ip });
    if (redeemed.kind === 'opened') {
      const { lang } = querystring.parse(request.query);
      return reply.headers(PAGE_HEADERS).redirect(`/v/${redeemed.token}${lang ? `?lang=${lang}` : ''}`, 303);
    }
    if (redeemed.kind === 'too_many') void reply.header('retry-after', ATTEMPT_WINDOW_MS / SECOND_MS);
    return show(reply, redeemed.kind === 'too_many' ? 429 : 422, {
      ...languageFor(request),
      refused: { ...form, why: redeemed.kind },
    });
  });
  done();
};

/** The language that was chosen, or the one the browser prefers; nobody knows yet who it is. */
function languageFor({ query, headers }: FastifyRequest): { language: Language; isChosen: boolean } {
  const { lang } = querystring.parse(query);
  if (lang) return { language: lang, isChosen: true };
  const preferred = headers['accept-language']?.trim().toLowerCase() ?? '';
  const isChinese = preferred === '' || preferred.startsWith('zh') || preferred.startsWith('*');
  return { language: isChinese ? 'zh-CN' : 'en', isChosen: false };
}
