import type { Case, Subject } from './figures.ts';
import type { Options } from './options.ts';
import { type Load, type Workload, workloadOf } from './workload.ts';

/**
 * About how many messages each subject takes in a second on a machine of two cores: from these follows how many it is
 * given. They decide how long a run takes and nothing else.
 */
const EXPECTED_PER_SECOND: Readonly<Record<Subject, Readonly<Record<Load, number>>>> = {
  'publisher-alone': { single: 100_000, batch24: 50_000 },
  'broker-ceiling': { single: 60_000, batch24: 40_000 },
  'copy-ceiling': { single: 300_000, batch24: 20_000 },
  ours: { single: 50_000, batch24: 12_000 },
  'insert-per-message': { single: 5_000, batch24: 2_500 },
  'node-red': { single: 4_000, batch24: 2_000 },
  'node-red-batched': { single: 20_000, batch24: 4_000 },
};

type Wanted = Pick<Options, 'stacks' | 'loads' | 'subjects' | 'repeats' | 'isSequenced'>;

/** All that is to be measured, in the order of a round. */
export function casesOf({ stacks, loads, subjects, repeats, isSequenced }: Wanted): Case[] {
  return stacks.flatMap((stack) =>
    loads.flatMap((load) =>
      subjects.flatMap((subject): Case[] => {
        const plain = { stack, load, subject, repeats: 0 as const, isSequenced: false };
        if (subject !== 'ours') return [plain];
        const shares = repeats.map((share) => ({ ...plain, repeats: share }));
        return isSequenced ? [...shares, { ...plain, isSequenced }] : shares;
      }),
    ),
  );
}

/** What is published in one run of a case. */
export function workloadFor(given: Case, { seconds, messages }: Pick<Options, 'seconds' | 'messages'>): Workload {
  const { load, repeats, isSequenced } = given;
  return workloadOf({
    load,
    repeats,
    isSequenced,
    messages: messages ?? EXPECTED_PER_SECOND[given.subject][load] * seconds,
  });
}
