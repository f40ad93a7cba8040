import { z } from 'zod';

/** A text that has come in on one of the town's phones. */
export interface Text {
  /** Counts all texts in the order in which they went out. */
  readonly n: number;
  readonly to: string;
  readonly body: string;
  readonly at: Date;
}

const inbox = z.object({
  texts: z.array(
    z.object({
      n: z.number().int(),
      to: z.string(),
      body: z.string(),
      at: z.iso.datetime({ offset: true }).transform((iso) => new Date(iso)),
    }),
  ),
});

const TIMEOUT_MS = 10_000;

/** The texts that went out after number `after`, in order. Throws when the inbox cannot be read. */
export async function readInbox(baseUrl: string, after: number): Promise<Text[]> {
  const url = new URL('/phones.json', baseUrl);
  url.searchParams.set('after', after.toString());
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`the phones' inbox answered ${response.status}`);
  const { texts } = inbox.parse(await response.json());
  return texts.toSorted((a, b) => a.n - b.n);
}
