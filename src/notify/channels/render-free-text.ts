import { smsLength } from '../../domain/notification/sms-length.ts';
import type { Rendering, TextContent } from '../sms-gateway.ts';

/** More than this no carrier puts together again reliably, and no one of our texts needs. */
const MOST_PARTS = 8;

/** The rendering of a route that takes any text. Refuses one of too many parts. */
export function renderFreeText({ body }: TextContent): Rendering {
  const { parts } = smsLength(body);
  if (parts > MOST_PARTS) return { kind: 'refused', cause: 'content_refused', detail: `${parts} parts` };
  return { kind: 'free', body, parts };
}
