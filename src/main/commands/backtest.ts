import type { Clock } from '../../core/clock.ts';
import type { Db } from '../../db/sql.ts';
import { type AlarmPrice, priceOf } from '../../detectors/backtest/alarms-of.ts';
import { backtest } from '../../detectors/backtest/backtest.ts';
import type { Promptness } from '../../detectors/backtest/inject.ts';
import type { TierPolicies } from '../../detectors/tier-policy.ts';
import { EXIT } from '../exit-codes.ts';
import { columns } from './columns.ts';

export interface BacktestDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly policies: TierPolicies;
  readonly print: (line: string) => void;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface BacktestArguments {
  readonly days: number;
  /** Alarms per 100 homes a month that people can bear. */
  readonly budget: number;
  readonly json?: boolean;
}

/**
 * `stillwater backtest`: what a policy would have cost in alarms on the stored readings. The exit code says whether that is
 * within the budget.
 */
export async function backtestCommand(deps: BacktestDeps, args: BacktestArguments): Promise<number> {
  return (await replay(deps, args)).isWithin ? EXIT.done : EXIT.failed;
}

/** What a policy would have cost. */
interface Replayed {
  readonly isWithin: boolean;
  readonly per100HomesAMonth: number;
  readonly prices: readonly AlarmPrice[];
}

/** Replays the stored readings under a policy, and prints what it would have cost. */
export async function replay(deps: BacktestDeps, args: BacktestArguments): Promise<Replayed> {
  const { db, clock, policies, print, onProgress } = deps;
  const { days, budget, json = false } = args;
  const { homes, promptness } = await backtest(db, policies, {
    at: clock.now(),
    days,
    ...(onProgress ? { onProgress } : {}),
  });
  const prices = priceOf(homes);
  const total = prices.at(-1)?.per100HomesAMonth ?? 0;
  const isWithin = total <= budget;
  if (json) print(JSON.stringify({ days, budget, isWithin, prices, promptness }));
  else {
    for (const line of columns([HEADINGS, ...prices.map(describe)])) print(line);
    for (const line of columns([FOUND, ...promptness.map(describeFound)])) print(line);
    const verdict = isWithin ? 'within' : 'above';
    print(`${total.toFixed(1)} alarms per 100 homes a month: ${verdict} the budget of ${budget}`);
    if (homes.length === 0) print('warning: no home is under watch, so that nothing was replayed');
  }
  return { isWithin, per100HomesAMonth: total, prices };
}

const HEADINGS = ['tier', 'detector', 'homes', 'alarms', 'per 100 homes a month'];

const FOUND = ['incident', 'injected', 'median hours', 'within 12 h', 'within 24 h', 'missed at 96 h'];

function describeFound({ incident, injected, medianHours, within12, within24, missed }: Promptness): string[] {
  if (injected === 0) return [NAMES[incident], '0', '', '', '', ''];
  const shares = [within12, within24, missed].map((share) => `${Math.round(share * 100)} %`);
  return [NAMES[incident], String(injected), medianHours?.toFixed(0) ?? 'over 96', ...shares];
}

const NAMES = { stop: 'nobody uses water any more', tap: 'a tap runs, 150 L/h' } as const;

function describe({ tier, detector, homes, alarms, per100HomesAMonth }: AlarmPrice): string[] {
  return [String(tier), detector, String(homes), String(alarms), per100HomesAMonth.toFixed(1)];
}
