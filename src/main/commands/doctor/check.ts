import { messageOf } from '../../../core/errors.ts';

/** One thing that was looked at. */
export interface Check {
  readonly name: string;
  readonly status: 'ok' | 'warning' | 'problem';
  /** What is the case. */
  readonly found: string;
  /** What to do about it. */
  readonly advice?: string;
}

export function fine(name: string, found: string): Check {
  return { name, status: 'ok', found };
}

export function warning(name: string, found: string, advice: string): Check {
  return { name, status: 'warning', found, advice };
}

export function problem(name: string, found: string, advice: string): Check {
  return { name, status: 'problem', found, advice };
}

/** Looks, and makes a problem of whatever is thrown, so that the other checks go on. */
export async function look(
  name: string,
  advice: string,
  check: () => Check | readonly Check[] | Promise<Check | readonly Check[]>,
): Promise<readonly Check[]> {
  try {
    const found = await check();
    return 'name' in found ? [found] : found;
  } catch (error) {
    return [problem(name, messageOf(error), advice)];
  }
}
