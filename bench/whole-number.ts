/**
 * The number that was given for an option.
 *
 * @throws Error with a sentence for the user, where it is none, or not above zero.
 */
export function wholeNumber(option: string, given: string): number {
  const amount = Number(given);
  if (!(Number.isInteger(amount) && amount > 0))
    throw new Error(`${option} ${given}: a whole number above zero is needed`);
  return amount;
}
