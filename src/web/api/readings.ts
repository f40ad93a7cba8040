import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import { answerTo } from '../error-handler.ts';
import { BodyTooLarge, boundedBody } from './bounded-body.ts';
import { refusalOf, type SendersAllowed } from './who-may-send.ts';

type BodyFormat = 'csv' | 'ndjson' | 'json';

/** What became of the readings of a request, as it is answered. */
interface Taken {
  readonly rejectedLines: number;
}

export interface ReadingsApiOptions extends SendersAllowed {
  /** Takes the readings in: once it resolves, they are committed. */
  readonly take: (body: AsyncIterable<Uint8Array>, format: BodyFormat) => Promise<Taken>;
}

const FORMATS: Readonly<Record<string, BodyFormat>> = {
  'text/csv': 'csv',
  'application/x-ndjson': 'ndjson',
  'application/json': 'json',
};
const MIB = 1_024 * 1_024;
/** JSON is read whole before anything of it is understood; lines are not. */
const LIMIT_BYTES: Readonly<Record<BodyFormat, number>> = { csv: 64 * MIB, ndjson: 64 * MIB, json: MIB };
const UNPACKED_LIMIT_BYTES: Readonly<Record<BodyFormat, number>> = { csv: 512 * MIB, ndjson: 512 * MIB, json: MIB };
const AT_ONCE = 2;
const RETRY_AFTER_S = 5;
/** A body may take this long to arrive. */
const LONGEST_REQUEST_MS = 120_000;

/**
 * Readings over HTTP: `POST /api/readings` with CSV, NDJSON or native JSON, packed with gzip or not.
 *
 * Answers 200 when all lines were taken and 422 when some were not: those are named, and all others are stored. What
 * was understood is committed before the answer, and sending it again changes nothing.
 */
export const readingsApi: FastifyPluginCallback<ReadingsApiOptions> = (app, { take, ...allowed }, done) => {
  let underWay = 0;
  // A long body is read no faster than it is stored. All other routes read 16 KiB at most.
  app.server.requestTimeout = LONGEST_REQUEST_MS;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, parsed) => {
    parsed(null);
  });

  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const format = formatOf(request);
    if (format === undefined) return refuse(reply, 415, 'unsupported_type', `send ${Object.keys(FORMATS).join(', ')}`);
    if (Number(request.headers['content-length'] ?? 0) > LIMIT_BYTES[format]) return tooLarge(reply, format);
    const body = bodyOf(request, format);
    if (body === undefined) return refuse(reply, 415, 'unsupported_encoding', 'send it plain, or packed with gzip');
    try {
      const taken = await take(body, format);
      return await reply.code(taken.rejectedLines > 0 ? 422 : 200).send(taken);
    } catch (error) {
      return answerFailure(reply, format, error);
    }
  };

  app.post('/api/readings', {
    onRequest: async (request, reply) => {
      const refusal = refusalOf(request, allowed);
      if (!refusal) return;
      if (refusal.status === 401) reply.header('www-authenticate', 'Bearer');
      await refuse(reply, refusal.status, refusal.error, refusal.message);
    },
    handler: async (request, reply) => {
      if (underWay >= AT_ONCE) {
        const message = `${AT_ONCE} requests are being stored; come again in ${RETRY_AFTER_S} s`;
        return refuse(reply.header('retry-after', RETRY_AFTER_S), 429, 'too_many_requests', message);
      }
      underWay += 1;
      try {
        return await answer(request, reply);
      } finally {
        underWay -= 1;
      }
    },
  });
  done();
};

function formatOf({ headers }: FastifyRequest): BodyFormat | undefined {
  return FORMATS[headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? ''];
}

/** Undefined for a packing that is not understood. */
function bodyOf({ headers, raw }: FastifyRequest, format: BodyFormat): AsyncIterable<Uint8Array> | undefined {
  const sent = boundedBody(raw, LIMIT_BYTES[format]);
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity') return sent;
  if (encoding !== 'gzip') return undefined;
  // Whatever breaks in here breaks the reading of what comes out.
  const plain = pipeline(Readable.from(sent, { objectMode: false }), createGunzip(), () => undefined);
  return boundedBody(plain, UNPACKED_LIMIT_BYTES[format]);
}

function answerFailure(reply: FastifyReply, format: BodyFormat, error: unknown): FastifyReply {
  if (error instanceof BodyTooLarge) return tooLarge(reply, format);
  if (isBrokenBody(error)) return refuse(reply, 400, 'input_invalid', `the body ended early or is broken${AGAIN}`);
  const { status, code, publicMessage } = answerTo(error);
  if (status === 503) {
    const message = `the database is away; come again in ${RETRY_AFTER_S} s${AGAIN}`;
    return refuse(reply.header('retry-after', RETRY_AFTER_S), status, code, message);
  }
  if (status >= 500) throw error;
  return refuse(reply, status, code, publicMessage ?? 'the body was refused');
}

const AGAIN = '; what was stored stays, and sending it again is harmless';

/** The sender went away, or what came is not gzip as was said. */
function isBrokenBody(error: unknown): boolean {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' && /^(Z_|ECONNRESET|ERR_STREAM_PREMATURE_CLOSE)/.test(code);
}

function tooLarge(reply: FastifyReply, format: BodyFormat): FastifyReply {
  const limit = `${LIMIT_BYTES[format] / MIB} MiB`;
  const message = `larger than ${limit}: send it in parts, or packed with gzip, or use stillwater ingest${AGAIN}`;
  return refuse(reply, 413, 'too_large', message);
}

/** The rest of a body that nobody reads is not waited for. */
function refuse(reply: FastifyReply, status: number, error: string, message: string): FastifyReply {
  return reply.code(status).header('connection', 'close').send({ error, status, message });
}
