import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../../../core/errors.ts';
import type { PhotoProblem } from '../../../domain/alerting/check-photo.ts';

/** A form and the photo that came with it: undefined when there was none, or why it did not come. */
export interface PhotoForm {
  readonly body: unknown;
  readonly photo: Buffer | PhotoProblem | undefined;
}

/**
 * Reads a form that may hold a photo. The photo is its last field: once it has begun, everything else is there, and
 * whatever happens to the photo, also a telephone that loses its network, leaves the form whole.
 *
 * @throws AppError `input_invalid` when the form breaks off before.
 */
export async function readPhotoForm(request: FastifyRequest, hasRoom: boolean): Promise<PhotoForm> {
  // Of a telephone that has gone already nothing more would ever be heard.
  if (request.raw.destroyed) throw new AppError('input_invalid', 'a form did not arrive whole');
  const fields = new Map<string, string[]>();
  const sent: { photo?: PhotoForm['photo'] } = {};
  try {
    for await (const part of request.parts()) {
      if (part.type === 'file') {
        sent.photo = 'failed';
        sent.photo = await readPhoto(part, hasRoom);
      } else if (typeof part.value === 'string') {
        fields.set(part.fieldname, [...(fields.get(part.fieldname) ?? []), part.value]);
      }
    }
  } catch (cause) {
    if (!('photo' in sent)) throw new AppError('input_invalid', 'a form did not arrive whole', { cause });
  }
  return { body: bodyOf(fields), photo: sent.photo };
}

async function readPhoto({ file, filename }: MultipartFile, hasRoom: boolean): Promise<PhotoForm['photo']> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of file as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (hasRoom) chunks.push(chunk);
  }
  // A browser sends the field also when nothing was chosen: without a name.
  if (bytes === 0) return filename ? 'unreadable' : undefined;
  if (file.truncated) return 'too_large';
  return hasRoom ? Buffer.concat(chunks) : 'failed';
}

/** As the other encoding of forms is read: a field sent twice is a list. */
function bodyOf(fields: ReadonlyMap<string, readonly string[]>): unknown {
  return Object.fromEntries([...fields].map(([name, values]) => [name, values.length === 1 ? values[0] : values]));
}
