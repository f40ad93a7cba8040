import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Role } from '../domain/alerting/escalation-policy.ts';
import { type Db, execute, many, maybeOne, one, sql } from './sql.ts';

/** A photo as it is kept: a JPEG of at most 1 MiB that holds nothing but the picture. */
export interface CheckPhoto {
  readonly jpeg: Buffer;
  /** In pixels, as it is looked at. */
  readonly width: number;
  readonly height: number;
}

/** Whose photo it is, of which alert, and the link through which it came. */
export interface PhotoSender {
  readonly alertId: number;
  readonly personId: number;
  readonly linkId: number;
}

/** How many other photos of this person are kept with the alert, and whether this one is. */
export function photosBeside(
  tx: Db,
  { alertId, personId }: PhotoSender,
  { jpeg }: CheckPhoto,
): Promise<{ others: number; isKept: boolean }> {
  return one(
    tx,
    z.object({ others: z.number(), isKept: z.boolean() }),
    sql`
      select count(*) filter (where digest <> ${digestOf(jpeg)})::integer as others,
             coalesce(bool_or(digest = ${digestOf(jpeg)}), false) as "isKept"
      from check_photo where alert_id = ${alertId} and person_id = ${personId}
    `,
  );
}

/** Keeps a photo. Returns its number, for the timeline, which holds no picture. */
export async function insertCheckPhoto(
  tx: Db,
  { alertId, personId, linkId }: PhotoSender,
  { jpeg, width, height }: CheckPhoto,
  at: Date,
): Promise<number> {
  const { id } = await one(
    tx,
    z.object({ id: z.number() }),
    sql`
      insert into check_photo (alert_id, person_id, link_id, received_at, jpeg, digest, width, height)
      values (${alertId}, ${personId}, ${linkId}, ${at}, ${jpeg}, ${digestOf(jpeg)}, ${width}, ${height})
      returning id
    `,
  );
  return id;
}

function digestOf(jpeg: Buffer): Buffer {
  return createHash('sha256').update(jpeg).digest();
}

/** Who looks, and at which alert. Desk and supervisor see all photos of an alert, everybody else their own. */
const SEES_ALL = ['desk', 'supervisor'];

export interface PhotoViewer {
  readonly alertId: number;
  readonly personId: number;
  readonly role: Role;
}

const listedPhoto = z.object({
  id: z.number(),
  personId: z.number(),
  receivedAt: z.date(),
  width: z.number(),
  height: z.number(),
});

/** A photo without its picture. */
export type ListedPhoto = z.output<typeof listedPhoto>;

/** The photos of an alert that somebody may see, the oldest first. */
export function photosFor(db: Db, { alertId, personId, role }: PhotoViewer): Promise<ListedPhoto[]> {
  return many(
    db,
    listedPhoto,
    sql`
      select id, person_id as "personId", received_at as "receivedAt", width, height from check_photo
      where alert_id = ${alertId} and (person_id = ${personId} or ${role}::text = any (${SEES_ALL}))
      order by id
    `,
  );
}

/** One photo of an alert, if somebody may see it. */
export async function photoFor(
  db: Db,
  { alertId, personId, role }: PhotoViewer,
  photoId: number,
): Promise<Buffer | undefined> {
  const photo = await maybeOne(
    db,
    z.object({ jpeg: z.instanceof(Buffer) }),
    sql`
      select jpeg from check_photo
      where id = ${photoId} and alert_id = ${alertId}
        and (person_id = ${personId} or ${role}::text = any (${SEES_ALL}))
    `,
  );
  return photo?.jpeg;
}

/** Forgets the photos that were received before `before`. Returns how many. */
export function deleteCheckPhotos(db: Db, before: Date): Promise<number> {
  return execute(db, sql`delete from check_photo where received_at < ${before}`);
}
