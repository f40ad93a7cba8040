import { writeFileSync } from 'node:fs';
import { type AlarmPrice, priceOf } from '../../detectors/backtest/alarms-of.ts';
import { backtest, type BacktestOptions, type ReplayedHomes } from '../../detectors/backtest/backtest.ts';
import type { Promptness } from '../../detectors/backtest/inject.ts';
import type { TierPolicies } from '../../detectors/tier-policy.ts';
import { EXIT } from '../exit-codes.ts';
import { backtestPicture } from './backtest-picture.ts';
import { columns } from './columns.ts';

export interface BacktestDeps {
  readonly replayed: ReplayedHomes;
  readonly policies: TierPolicies;
  readonly print: (line: string) => void;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface BacktestArguments extends Pick<BacktestOptions, 'days'> {
  /** Alarms per 100 homes a month that people can bear. */
  readonly budget: number;
  readonly json?: boolean;
  /** Where to draw false alarms against hours to detect, beside the field's fixed rules: `.html` or `.svg`. */
  readonly picture?: string;
}

/**
 * `stillwater backtest`: what a policy would have cost in alarms on the readings. The exit code says whether that is
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

/** Replays readings under a policy, and prints what it would have cost. */
export async function replay(deps: BacktestDeps, args: BacktestArguments): Promise<Replayed> {
  const { replayed, policies, print, onProgress } = deps;
  const { days, budget, json = false, picture } = args;
  const isCompared = picture !== undefined;
  const { homes, promptness, marks } = await backtest(replayed, policies, {
    isCompared,
    ...(onProgress ? { onProgress } : {}),
  });
  const prices = priceOf(homes);
  const total = prices.at(-1)?.per100HomesAMonth ?? 0;
  const isWithin = total <= budget;
  const tables = [columns([HEADINGS, ...prices.map(describe)]), columns([FOUND, ...promptness.map(describeFound)])];
  const verdict = `${total.toFixed(1)} alarms per 100 homes a month: ${isWithin ? 'within' : 'above'} the budget of ${budget}`;
  if (json) print(JSON.stringify({ days, budget, isWithin, prices, promptness, ...(isCompared ? { marks } : {}) }));
  else {
    for (const line of tables.flat()) print(line);
    print(verdict);
    if (homes.length === 0) print('warning: no home is under watch, so that nothing was replayed');
  }
  if (picture) {
    const years = homes.reduce((sum, home) => sum + home.days, 0) / 365.25;
    writeFileSync(picture, backtestPicture(picture, { marks, homes: homes.length, years, tables, verdict }));
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

const NAMES = {
  stop: 'nobody uses water any more',
  stop_under_leak: 'the same beside a leak of 1 L/h',
  tap: 'a tap runs, 150 L/h',
} as const;

function describe({ tier, detector, homes, alarms, per100HomesAMonth }: AlarmPrice): string[] {
  return [String(tier), detector, String(homes), String(alarms), per100HomesAMonth.toFixed(1)];
}
