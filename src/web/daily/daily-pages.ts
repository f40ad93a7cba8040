import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { DailyWordStop } from '../../alerts/stop-daily-word.ts';
import { hashToken } from '../../core/link-token.ts';
import { dailyWordBehindLink, type LinkedDailyWord } from '../../db/daily-words.ts';
import type { Db } from '../../db/sql.ts';
import { LANGUAGES } from '../../domain/language.ts';
import { errorPage } from '../error-page.ts';
import { type Page, PAGE_HEADERS, renderPage } from '../page.ts';
import { refuseOtherSites } from '../same-site.ts';
import { dailyPage } from './daily-page.ts';

export interface DailyPagesOptions {
  readonly db: Db;
  readonly stop: (stop: DailyWordStop) => Promise<unknown>;
  /** Whether one more form is taken from this link. */
  readonly admit: (tokenHash: Buffer) => Promise<boolean>;
}

const params = z.object({ token: z.string() });
const querystring = z.object({ lang: z.enum(LANGUAGES).optional().catch(undefined) });
const ticked = z.object({ stop: z.literal('yes') });
const TOKEN = /^[A-Za-z0-9_-]{22}$/;

/**
 * The page behind the link in a daily text, whether or not an alert is open: `GET /d/:token` shows it and changes
 * nothing, `POST /d/:token` stops the daily texts of that home, once that is ticked. Both may be done any number of times.
 */
export const dailyPages: FastifyPluginCallback<DailyPagesOptions> = (app, options, done) => {
  void app.register(dailyRoutes, { ...options, prefix: '/d' });
  done();
};

const dailyRoutes: FastifyPluginCallback<DailyPagesOptions> = (app, { db, stop, admit }, done) => {
  const find = async (request: FastifyRequest) => {
    const { token } = params.parse(request.params);
    const { lang: chosen } = querystring.parse(request.query);
    const word = TOKEN.test(token) ? await dailyWordBehindLink(db, hashToken(token)) : undefined;
    return { token, chosen, word };
  };

  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addHook('onRequest', refuseOtherSites);
  app.get('/:token', async (request, reply) => {
    const { word, ...found } = await find(request);
    return word ? send(reply, 200, dailyPage({ ...found, word })) : send(reply, 404, errorPage(404));
  });
  app.post('/:token', async (request, reply) => {
    const { word, ...found } = await find(request);
    if (!word) return send(reply, 404, errorPage(404));
    const { token, chosen } = found;
    if (!(await admit(hashToken(token)))) return send(reply, 429, dailyPage({ ...found, word, isTooMany: true }));
    const isTicked = ticked.safeParse(request.body).success;
    if (!isTicked && word.isOn) return send(reply, 422, dailyPage({ ...found, word, isRefused: true }));
    if (isTicked) await stop(stopOf(word));
    return reply.headers(PAGE_HEADERS).redirect(`/d/${token}${chosen ? `?lang=${chosen}` : ''}`, 303);
  });
  done();
};

function stopOf({ householdId, personId }: LinkedDailyWord): DailyWordStop {
  return { householdId, personId, from: 'link' };
}

function send(reply: FastifyReply, status: number, page: Page): FastifyReply {
  return reply.code(status).headers(PAGE_HEADERS).send(renderPage(page));
}
