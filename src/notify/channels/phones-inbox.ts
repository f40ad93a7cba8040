import type { Clock } from '../../core/clock.ts';
import type { Channel } from '../../domain/alerting/channel.ts';

/** A text, or a call, that never left the machine. */
export interface KeptText {
  /** Counts them since the start, from 1. */
  readonly n: number;
  readonly channel: Channel;
  readonly to: string;
  /** What it says. */
  readonly body: string;
  readonly at: Date;
}

/** The phones behind the log driver. */
export interface PhonesInbox {
  readonly keep: (text: Pick<KeptText, 'channel' | 'to' | 'body'>) => void;
  /** The latest, the oldest first. */
  readonly texts: () => readonly KeptText[];
}

const KEPT = 1_000;

/** Keeps the latest thousand in memory for the page that shows the phones; a restart empties it. */
export function phonesInbox({ clock }: { readonly clock: Clock }): PhonesInbox {
  const kept: KeptText[] = [];
  let count = 0;
  return {
    keep: (text) => {
      count += 1;
      kept.push({ n: count, ...text, at: clock.now() });
      if (kept.length > KEPT) kept.shift();
    },
    texts: () => [...kept],
  };
}
