import type { FastifyInstance } from 'fastify';
import { refuse } from './refuse.ts';

/** What the network has taken, texts or calls, as one resource of its API. */
export interface Resource<Taken> {
  readonly accountSid: string;
  /** What the API calls them in its lists: `messages`, `calls`. */
  readonly name: string;
  /** Where they are, without `.json`. */
  readonly base: string;
  readonly taken: readonly Taken[];
  /** How many lists from now on are still without the latest ones. */
  readonly lag: { lists: number };
  readonly json: (taken: Taken, accountSid: string) => Record<string, unknown>;
}

/** Shows what was taken as Twilio's resources do: one by its number, all, or those to one phone, the latest first. */
export function serveResource<Taken extends { readonly sid: string; readonly to: string }>(
  app: FastifyInstance,
  { accountSid, name, base, taken, lag, json }: Resource<Taken>,
): void {
  app.get<{ Params: { sid: string } }>(`${base}/:sid.json`, (request, reply) => {
    const found = taken.find(({ sid }) => sid === request.params.sid);
    return found ? reply.send(json(found, accountSid)) : refuse(reply, 404, 20_404);
  });
  app.get<{ Querystring: { To?: string } }>(`${base}.json`, (request, reply) => {
    const isBehind = lag.lists > 0;
    if (isBehind) lag.lists -= 1;
    const { To } = request.query;
    const found = isBehind ? [] : taken.filter(({ to }) => To === undefined || to === To);
    const listed = found.toReversed().map((each) => json(each, accountSid));
    return reply.send({ [name]: listed, page: 0, page_size: listed.length, next_page_uri: null, uri: request.url });
  });
}
