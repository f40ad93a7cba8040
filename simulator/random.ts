/** A source of chance that always gives the same sequence for the same names. */
export interface RandomStream {
  /** At least 0, less than 1. */
  readonly fraction: () => number;
  /** At least `least`, less than `most`. */
  readonly between: (least: number, most: number) => number;
  /** A whole number from `least` to `most`, both included. */
  readonly whole: (least: number, most: number) => number;
  /** True with the given probability, 0 to 1. */
  readonly chance: (probability: number) => boolean;
  /** One of the options, all equally likely. Throws RangeError when there is none. */
  readonly pick: <Option>(options: readonly Option[]) => Option;
}

export type StreamName = number | string;

const GOLDEN_STEP = 0x9e3779b9;
const TWO_TO_32 = 4_294_967_296;

/**
 * The stream with these names: a seed first, then whatever tells this use of chance from all others.
 *
 * Every home, day and purpose has a stream of its own, so a draw more in one of them moves nothing in the others.
 */
export function randomStream(...names: readonly StreamName[]): RandomStream {
  let state = names.reduce<number>(stirIn, GOLDEN_STEP);
  const fraction = () => {
    state = (state + GOLDEN_STEP) | 0;
    return (scramble(state) >>> 0) / TWO_TO_32;
  };
  return {
    fraction,
    between: (least, most) => least + fraction() * (most - least),
    whole: (least, most) => least + Math.floor(fraction() * (most - least + 1)),
    chance: (probability) => fraction() < probability,
    pick: (options) => pickAt(options, Math.floor(fraction() * options.length)),
  };
}

function pickAt<Option>(options: readonly Option[], position: number): Option {
  if (position >= options.length) throw new RangeError('nothing to pick from');
  return options[position] as Option;
}

/** Numbers and strings never meet: the number 7 and the string "7" name two streams. */
function stirIn(state: number, name: StreamName): number {
  if (typeof name === 'number') return scramble(scramble(state ^ (name | 0)) + Math.floor(name / TWO_TO_32));
  return Array.from(name).reduce((mixed, letter) => scramble(mixed ^ (letter.codePointAt(0) ?? 0)), scramble(~state));
}

/** Spreads every bit of a 32-bit number over all the others, so that neighbouring numbers look unrelated. */
function scramble(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return mixed ^ (mixed >>> 15);
}
