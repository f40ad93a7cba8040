declare const litreBrand: unique symbol;

/** A whole number of litres. */
export type Litres = number & { readonly [litreBrand]: true };

/** Marks a whole, non-negative number as litres. Throws on anything else: callers parse before they count. */
export function litres(amount: number): Litres {
  if (!Number.isSafeInteger(amount) || amount < 0) throw new RangeError(`not a volume in whole litres: ${amount}`);
  return amount as Litres;
}
