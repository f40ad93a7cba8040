import { z } from 'zod';

/**
 * A text of at most so many characters. zod's own bound looks at the `length` of whatever it is given, and a stranger's
 * object can have one that throws.
 */
export function textUpTo(characters: number) {
  return z.string().refine((text) => text.length <= characters, `longer than ${characters} characters`);
}
