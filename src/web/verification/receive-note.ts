import { notesOf } from '../../db/check-notes.ts';
import { z } from 'zod';
import { parseNote } from './answer-form.ts';
import type { Visit } from './load-visit.ts';
import { notePage } from './note-page.ts';
import type { PageAnswer, VerificationDeps } from './verification-deps.ts';
import { visitPath } from './visit-path.ts';

/** The page for notes, with those that this person has written. */
export async function showNotes(deps: VerificationDeps, visit: Visit, refused?: string): Promise<PageAnswer> {
  const { alertId, personId } = visit.alert;
  const notes = await notesOf(deps.db, alertId, personId);
  return { status: refused === undefined ? 200 : 422, page: notePage({ ...deps, visit, notes, refused }) };
}

/** Keeps a note. The same one sent twice in a row is one note. */
export async function receiveNote(deps: VerificationDeps, visit: Visit, body: unknown): Promise<PageAnswer> {
  const note = parseNote(body);
  const { alertId, personId, linkId } = visit.alert;
  if (note === undefined) return showNotes(deps, visit, sentNote.parse(body).note);
  await deps.addNote({ alertId, personId, linkId, note });
  return { seeOther: visitPath(visit, '/note', visit.language) };
}

const sentNote = z.object({ note: z.string().catch('') }).catch({ note: '' });
