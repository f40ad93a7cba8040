import type { KeptText } from '../../notify/channels/phones-inbox.ts';
import { wallClock } from '../../domain/alerting/reason.ts';

/** Prints each text of the log driver as it goes out. The town's people are invented, so their texts may be shown. */
export function textPrinter(
  texts: () => readonly KeptText[],
  nameOf: (phone: string) => string,
  timeZone: string,
  print: (line: string) => void,
): () => void {
  let shown = 0;
  return () => {
    for (const { n, channel, to, body, at } of texts()) {
      if (n <= shown) continue;
      shown = n;
      print(
        `${wallClock(at.getTime(), 'en', timeZone)}  ${channel === 'voice' ? 'call' : 'text'} to ${nameOf(to)} (${to})\n    ${body.replaceAll('\n', '\n    ')}`,
      );
    }
  };
}
