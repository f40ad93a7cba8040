import { AppError } from '../../core/errors.ts';

/**
 * Reads an argument as a whole number from 0.
 *
 * @throws AppError `input_invalid` when it is none.
 */
export function wholeNumber(text: string): number {
  const parsed = Number(text);
  if (!Number.isSafeInteger(parsed) || parsed < 0) {
    throw new AppError('input_invalid', `"${text}" is not a whole number`);
  }
  return parsed;
}
