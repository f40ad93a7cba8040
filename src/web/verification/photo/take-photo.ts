import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { LARGEST_PHOTO_SENT, type PhotoProblem } from '../../../domain/alerting/check-photo.ts';
import type { Visit } from '../load-visit.ts';
import { textsFor } from '../texts.ts';
import type { PageAnswer, VerificationDeps } from '../verification-deps.ts';
import { photoNotice } from './photo-notice.ts';
import { type PhotoForm, readPhotoForm } from './read-photo-form.ts';
import { loadPhotoLibrary, reencodePhoto } from './reencode-photo.ts';

/** So many photos are held in memory at once. Others are let go, and their senders told. */
export const MOST_AT_ONCE = 12;
/** A photo over a slow network may take this long. */
const LONGEST_REQUEST_MS = 120_000;
const LIMITS = { fileSize: LARGEST_PHOTO_SENT, files: 1, fields: 20, parts: 25, fieldSize: 16 * 1_024 };

type Receive = (visit: Visit, body: unknown) => Promise<PageAnswer>;

/** Reads what was sent, hands it to `receive`, and yields what to answer. */
export type ReadForm = (visit: Visit, request: FastifyRequest, receive: Receive) => Promise<PageAnswer>;

/**
 * Lets forms carry a photo. Yields what reads such a form and hands everything but the photo to `receive`; only when
 * the answer has been recorded is the photo looked at, and whatever is wrong with it changes nothing about the answer.
 */
export async function takePhotos(app: FastifyInstance, deps: VerificationDeps): Promise<ReadForm> {
  // A machine on which photos cannot be drawn anew says so at its start, and not when the first one comes.
  await loadPhotoLibrary();
  app.server.requestTimeout = LONGEST_REQUEST_MS;
  await app.register(multipart, { limits: LIMITS, throwFileSizeLimit: false });
  let underWay = 0;
  return async (visit, request, receive) => {
    if (!request.isMultipart()) return receive(visit, request.body);
    underWay += 1;
    try {
      const { body, photo } = await readPhotoForm(request, underWay <= MOST_AT_ONCE);
      const answer = await receive(visit, body);
      return photo === undefined ? answer : await withPhoto(deps, visit, answer, photo);
    } finally {
      underWay -= 1;
    }
  };
}

async function withPhoto(
  deps: VerificationDeps,
  visit: Visit,
  answer: PageAnswer,
  photo: NonNullable<PhotoForm['photo']>,
): Promise<PageAnswer> {
  const { photo: words } = textsFor(visit.language);
  if ('page' in answer && answer.isRecorded !== true) {
    const text = answer.status === 422 ? words.chooseAgain : words.notTaken;
    return { ...answer, page: photoNotice(answer.page, text) };
  }
  const problem = typeof photo === 'string' ? photo : await keep(deps, visit, photo);
  if (!problem) return answer;
  if ('page' in answer) return { ...answer, page: photoNotice(answer.page, words.problems[problem]) };
  return { seeOther: `${answer.seeOther}${answer.seeOther.includes('?') ? '&' : '?'}photo=${problem}` };
}

async function keep(deps: VerificationDeps, { alert }: Visit, photo: Buffer): Promise<PhotoProblem | undefined> {
  const { alertId, personId, linkId } = alert;
  try {
    const drawn = await reencodePhoto(photo);
    if (!drawn.ok) return drawn.error;
    const kept = await deps.keepPhoto({ alertId, personId, linkId }, drawn.value);
    return kept === 'kept' ? undefined : kept;
  } catch (error) {
    deps.log.error({ err: error, alertId }, 'a photo could not be kept; the answer it came with is recorded');
    return 'failed';
  }
}
