import type { MeterDirectory } from '../meter-directory.ts';

/** A directory that remembers which serials it was asked for and did not know. */
export interface WatchedDirectory {
  readonly meters: MeterDirectory;
  /** The serials since this was last asked. */
  readonly takeUnknown: () => ReadonlySet<string>;
}

export function watchDirectory(meters: MeterDirectory): WatchedDirectory {
  let unknown = new Set<string>();
  return {
    meters: {
      ...meters,
      idsOf: async (serials) => {
        const ids = await meters.idsOf(serials);
        for (const serial of serials) if (!ids.has(serial)) unknown.add(serial);
        return ids;
      },
    },
    takeUnknown: () => {
      const taken = unknown;
      unknown = new Set();
      return taken;
    },
  };
}
