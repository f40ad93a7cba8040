import type { StartedParts } from '../started-parts.ts';

export const STACKS = ['embedded', 'services'] as const;
/** `embedded` is what comes with the program, `services` what Debian packages. */
export type StackName = (typeof STACKS)[number];

/** A running PostgreSQL with the rights to make databases. */
export interface RunningPostgres {
  readonly url: string;
  /** The process from which all others of the server descend. */
  readonly pid: number;
}

export interface RunningBroker {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
}

/** A PostgreSQL that runs throughout, and a broker that is started anew for each run. */
export interface Stack {
  readonly name: StackName;
  /** What it is made of, with versions. */
  readonly about: string;
  readonly postgres: RunningPostgres;
  /** The newest version of the protocol that the broker speaks; 4 is 3.1.1. */
  readonly mqttVersion: 4 | 5;
  readonly startBroker: (started: StartedParts) => Promise<RunningBroker>;
}
