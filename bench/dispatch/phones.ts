import { startPhoneNetwork } from '../../simulator/phone-network/phone-network.ts';

/** What the benchmark asks of the process that stands in for the provider, and what it says. */
export type PhonesSay =
  { readonly url: string } | { readonly taken: readonly { readonly to: string; readonly atMs: number }[] };

export const ACCOUNT = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'token of the benchmark' };

/** The provider, in a process of its own as it is in the world: it says where it listens, and on request what it took since the last one. */
async function main(): Promise<void> {
  const say = (what: PhonesSay) => process.send?.(what);
  const network = await startPhoneNetwork({
    ...ACCOUNT,
    now: () => new Date(),
    // What phones report comes later and is not part of it.
    usually: { kind: 'deliver', receipts: 'never' },
  });
  let told = 0;
  process.on('message', (ask) => {
    if (ask === 'stop') void network.stop().then(() => process.disconnect());
    else {
      const taken = network.all().slice(told);
      told += taken.length;
      say({ taken: taken.map(({ to, at }) => ({ to, atMs: at.getTime() })) });
    }
  });
  say({ url: network.url });
}

if (process.send) await main();
