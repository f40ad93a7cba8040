import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type InboxText, renderPhones } from './render-phones.ts';

export interface InboxReader {
  /** The texts that are kept, the oldest first. */
  readonly texts: () => readonly InboxText[];
}

export interface PhonesPageOptions {
  readonly inbox: InboxReader;
  /** In which the times on the page are told (IANA). */
  readonly timeZone: string;
}

const querystring = z.object({ after: z.coerce.number().int().min(0).default(0) });
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex',
};

/**
 * The phones of the log driver: `GET /phones` shows their inboxes, `GET /phones.json?after=<n>` gives the texts after
 * the n-th to simulated phones. It shows live links to whoever asks, so mount it on the machine's own address only.
 */
export const phonesPage: FastifyPluginCallbackZod<PhonesPageOptions> = (app, { inbox, timeZone }, done) => {
  app.get('/phones', (_request, reply) =>
    reply.headers(HEADERS).type('text/html; charset=utf-8').send(renderPhones(inbox.texts(), timeZone)),
  );
  app.get('/phones.json', { schema: { querystring } }, (request, reply) =>
    reply.headers(HEADERS).send({ texts: inbox.texts().filter(({ n }) => n > request.query.after) }),
  );
  done();
};
