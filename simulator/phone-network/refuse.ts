import type { FastifyReply } from 'fastify';

/** Refuses a request as Twilio does: an HTTP status, and one of its error codes. */
export function refuse(reply: FastifyReply, status: number, code: number): FastifyReply {
  const more_info = `https://www.twilio.com/docs/errors/${code}`;
  return reply.code(status).send({ code, message: `refused with ${code}`, more_info, status });
}
