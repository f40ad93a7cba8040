import { startNodeRed } from './node-red/start-node-red.ts';
import { startPart } from './part.ts';
import type { InsertPart } from './processes/insert-per-message.ts';
import type { OursPart } from './processes/ours.ts';
import type { Taker, TakerName, TakerSetting } from './taker.ts';

/** How each of them is started. Whether it listens already, a knock will tell. */
export const TAKERS: Readonly<Record<TakerName, (setting: TakerSetting) => Promise<Taker>>> = {
  ours: async ({ brokerUrl, database, started }) => {
    const part = startPart<OursPart>('ours', started);
    await part.ask('start', { brokerUrl, databaseUrl: database.url });
    return part;
  },
  'insert-per-message': async ({ brokerUrl, database, started }) => {
    const part = startPart<InsertPart>('insert-per-message', started);
    await part.ask('start', { brokerUrl, databaseUrl: database.url, firstMeterId: database.firstMeterId });
    return part;
  },
  'node-red': (setting) => startNodeRed(setting, 'a message'),
  'node-red-batched': (setting) => startNodeRed(setting, 'joined'),
};
