import { expect, it } from 'vitest';
import { textPrinter } from '../../../src/main/demo/show-texts.ts';

it('prints each text once, with who got it, when by the clock on the wall, and its lines set in', () => {
  const kept = [text(1, 'water\nhas run'), text(2, 'second')];
  const printed: string[] = [];
  const print = textPrinter(
    () => kept,
    () => 'the daughter',
    'Asia/Shanghai',
    (line) => printed.push(line),
  );

  print();
  print();
  kept.shift();
  kept.push(text(3, 'third'));
  print();
  expect(printed).toEqual([
    '2 Mar 12:01  text to the daughter (+8613800000001)\n    water\n    has run',
    '2 Mar 12:02  text to the daughter (+8613800000002)\n    second',
    '2 Mar 12:03  text to the daughter (+8613800000003)\n    third',
  ]);
});

function text(n: number, body: string) {
  return {
    n,
    channel: 'sms' as const,
    to: `+861380000000${n}`,
    body,
    at: new Date(Date.parse('2026-03-02T04:00:00Z') + n * 60_000),
  };
}
