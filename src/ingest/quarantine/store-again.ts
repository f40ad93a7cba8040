import { contentRefusal } from '../../db/refusal.ts';
import type { RefusedAgain } from '../../db/quarantine-replay.ts';
import { storeBatch, type StoreDeps } from '../store-batch.ts';
import type { ReadAgain } from './read-again.ts';

/** What became of messages that were tried again. */
export interface StoredAgain {
  readonly stored: number;
  readonly repeats: number;
  readonly conflicts: number;
  /** The messages that PostgreSQL would not have. */
  readonly refused: readonly RefusedAgain[];
}

const NOTHING: StoredAgain = { stored: 0, repeats: 0, conflicts: 0, refused: [] };

/** Stores what can be stored, in one transaction as a rule; a message that PostgreSQL refuses does not hold up the others. */
export async function storeAgain(deps: StoreDeps, messages: readonly ReadAgain[]): Promise<StoredAgain> {
  const batch = messages.flatMap(({ storable }) => (storable ? [storable] : []));
  if (batch.length === 0) return NOTHING;
  try {
    const { stored, repeats, conflicts } = await storeBatch(deps, batch);
    return { stored, repeats, conflicts, refused: [] };
  } catch (error) {
    const sqlState = contentRefusal(error);
    if (sqlState === undefined) throw error;
    return messages.length > 1
      ? storeHalves(deps, messages)
      : { ...NOTHING, refused: messages.map(refusedBy(sqlState)) };
  }
}

async function storeHalves(deps: StoreDeps, messages: readonly ReadAgain[]): Promise<StoredAgain> {
  const middle = Math.ceil(messages.length / 2);
  const first = await storeAgain(deps, messages.slice(0, middle));
  const second = await storeAgain(deps, messages.slice(middle));
  return {
    stored: first.stored + second.stored,
    repeats: first.repeats + second.repeats,
    conflicts: first.conflicts + second.conflicts,
    refused: [...first.refused, ...second.refused],
  };
}

function refusedBy(sqlState: string): (message: ReadAgain) => RefusedAgain {
  return ({ id, storable }) => ({
    id,
    reason: 'database_refused',
    detail: `SQLSTATE ${sqlState}`,
    serial: storable?.content?.serial,
  });
}
