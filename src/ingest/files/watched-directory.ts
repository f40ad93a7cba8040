import type { MeterDirectory } from '../meter-directory.ts';

/** A directory that remembers which serials it was asked for and did not know. */
export interface WatchedDirectory {
  readonly meters: MeterDirectory;
  /** These serials, as they were when last asked for. */
  readonly unknownSerials: ReadonlySet<string>;
}

export function watchDirectory(meters: MeterDirectory): WatchedDirectory {
  const unknownSerials = new Set<string>();
  return {
    meters: {
      ...meters,
      idsOf: async (serials) => {
        const ids = await meters.idsOf(serials);
        for (const serial of serials) {
          if (ids.has(serial)) unknownSerials.delete(serial);
          else unknownSerials.add(serial);
        }
        return ids;
      },
    },
    unknownSerials,
  };
}
