import type { Sharp } from 'sharp';
import { err, ok, type Result } from '../../../core/result.ts';
import type { CheckPhoto } from '../../../db/check-photos.ts';
import { LARGEST_PHOTO_KEPT, type PhotoProblem } from '../../../domain/alerting/check-photo.ts';

/** More than the cameras of phones save; a small file that unpacks to more is meant to fill the memory. */
const MOST_PIXELS = 64_000_000;
const LONGEST_S = 10;
/** Side in pixels and JPEG quality. What is still too many bytes is tried with less; the last fits even where it is all noise. */
const SIZES = [
  [1_600, 75],
  [1_600, 45],
  [800, 45],
] as const;
const READERS = ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadWebp'];

/** Without a limit only the head of the file may be looked at. */
type ReadPhoto = (photo: Buffer, mostPixels: number | false) => Sharp;

/**
 * The library that draws photos anew, told to read JPEG, PNG and WebP alone: what came from outside reaches no other
 * reader. Loaded by those who take photos only.
 */
export async function loadPhotoLibrary(): Promise<ReadPhoto> {
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  sharp.concurrency(1);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: READERS });
  return (photo, mostPixels) => sharp(photo, { limitInputPixels: mostPixels, failOn: 'error', sequentialRead: true });
}

let lastTurn: Promise<unknown> = Promise.resolve();

/**
 * Draws a photo anew as a JPEG of at most 1600 pixels a side and 1 MiB: upright, and with nothing but the picture, so
 * that place, time, phone and whatever else was hidden in the file are gone. One photo at a time, so that answers do
 * not wait for processors or memory.
 */
export function reencodePhoto(photo: Buffer): Promise<Result<CheckPhoto, PhotoProblem>> {
  const turn = lastTurn.then(() => reencode(photo));
  lastTurn = turn.catch(() => undefined);
  return turn;
}

async function reencode(photo: Buffer): Promise<Result<CheckPhoto, PhotoProblem>> {
  const read = await loadPhotoLibrary();
  try {
    const { width, height } = await read(photo, false).metadata();
    if (width * height > MOST_PIXELS) return err('too_large');
    for (const [side, quality] of SIZES) {
      const drawn = await draw(read(photo, MOST_PIXELS), side, quality);
      if (drawn.jpeg.length <= LARGEST_PHOTO_KEPT) return ok(drawn);
    }
    return err('too_large');
  } catch {
    // What the library says of a file quotes nothing that would help anybody: it cannot be read.
    return err('unreadable');
  }
}

async function draw(picture: Sharp, side: number, quality: number): Promise<CheckPhoto> {
  const { data, info } = await picture
    .timeout({ seconds: LONGEST_S })
    .autoOrient()
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: 'white' })
    .jpeg({ quality })
    .toBuffer({ resolveWithObject: true });
  return { jpeg: data, width: info.width, height: info.height };
}
