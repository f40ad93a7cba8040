import { type ListedPhoto, photoFor, photosFor } from '../../../db/check-photos.ts';
import { html } from '../../html.ts';
import { PAGE_HEADERS, type Page } from '../../page.ts';
import type { Visit, VisitDeps } from '../load-visit.ts';
import { clockText, whoIs } from '../page-parts.ts';
import { textsFor } from '../texts.ts';

/** A page with the photos that this person may see beneath it: their own; for desk and supervisor those of everybody. */
export async function withPhotos({ db }: VisitDeps, visit: Visit, page: Page): Promise<Page> {
  const photos = await photosFor(db, visit.alert);
  if (photos.length === 0) return page;
  const { photo: words } = textsFor(visit.language);
  const body = html`${page.body}
    <section aria-labelledby="photos">
      <h2 id="photos">${words.heading}</h2>
      ${photos.map((photo) => figure(photo, visit))}
    </section>`;
  return { ...page, body, showsImages: true };
}

/** The picture itself, or undefined when it is not there for this person. */
export async function pictureOf({ db }: VisitDeps, { alert }: Visit, photoId: number): Promise<Buffer | undefined> {
  return photoFor(db, alert, photoId);
}

/** No copy of a picture is kept, and no other site shows it. */
export const PICTURE_HEADERS = {
  ...PAGE_HEADERS,
  'content-type': 'image/jpeg',
  'content-security-policy': `default-src 'none'; frame-ancestors 'none'`,
  'cross-origin-resource-policy': 'same-origin',
} as const;

function figure({ id, personId, receivedAt, width, height }: ListedPhoto, visit: Visit) {
  const texts = textsFor(visit.language);
  const sender = visit.others.find((other) => other.personId === personId);
  const who = sender ? whoIs(sender, texts) : texts.photo.yours;
  const caption = texts.photo.caption(who, clockText(receivedAt, visit));
  return html`<figure>
    <img src="/v/${visit.token}/photo/${id}" alt="${caption}" width="${width}" height="${height}" loading="lazy" />
    <figcaption>${caption}</figcaption>
  </figure>`;
}
