import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ARRIVALS, type Arrival } from './arrivals.ts';
import { drawCurve } from './draw-curve.ts';
import { FIXED_RULES } from './fixed-rules.ts';
import { cuddihy, wilhelmWahl } from './inactivity-limits.ts';
import { falseAlarmsOf, outcomesOf, stageHome, type StagedHome } from './evaluate.ts';
import { type Injection, INJECTIONS } from './injections.ts';
import { otherChoices, ourRules } from './our-rules.ts';
import { readHomes, type RecordedHome } from './read-homes.ts';
import { table } from './report.ts';
import type { Rule } from './rule.ts';
import { type HomeScore, type ScoreRow, scoreRow } from './score.ts';
import { type WallClock, wallClock } from './wall-clock.ts';

const QUICK_HOMES = 12;
const HELP = `Judges detectors on recorded homes: what they cost in false alarms, and how soon they find what is played into the readings.

  npm run bench:detect -- --readings FILE --households FILE [--json]

  --readings FILE     meter,local_time,register_l; .csv or .csv.gz
  --households FILE   the homes to take, by the column meter
  --zone ZONE         of local_time (Europe/Madrid)
  --injections N      how often each incident is played in each home (60); what is harmless a third as often
  --arrival NAME      only this one of ${ARRIVALS.join(', ')}
  --only TEXT         only rules whose name holds this
  --quick             at most twelve homes, 20 injections, hourly arrival
  --curve FILE.svg    only a person who stops, with more choices of ours, and a picture of it
  --json              the last line is one object {"rows": [...]}
`;

const { values: given } = parseArgs({
  options: {
    readings: { type: 'string' },
    households: { type: 'string' },
    zone: { type: 'string', default: 'Europe/Madrid' },
    injections: { type: 'string', default: '60' },
    arrival: { type: 'string' },
    only: { type: 'string', default: '' },
    quick: { type: 'boolean', default: false },
    curve: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

interface Plan {
  readonly homes: readonly RecordedHome[];
  readonly rules: readonly Rule[];
  readonly arrivals: readonly Arrival[];
  readonly injections: number;
  readonly clock: WallClock;
  readonly played: readonly Injection[];
}

async function main(): Promise<void> {
  if (given.help || !given.readings || !given.households) {
    process.stdout.write(HELP);
    process.exitCode = given.help ? 0 : 2;
    return;
  }
  const everyHome = await readHomes(given.readings, given.households, given.zone);
  const arrivals = ARRIVALS.filter((name) =>
    given.arrival ? name === given.arrival : !given.quick || name === 'hourly',
  );
  if (arrivals.length === 0) throw new Error(`no arrival ${given.arrival ?? ''}: one of ${ARRIVALS.join(', ')}`);
  const rows = evaluateAll({
    homes: given.quick ? aFewOf(everyHome) : everyHome,
    rules: everyRule(given.curve !== undefined).filter(({ name }) => name.includes(given.only)),
    arrivals,
    injections: given.quick ? 20 : Number(given.injections),
    clock: wallClock(given.zone),
    played: playedFor(given.curve),
  });
  if (given.curve) writeFileSync(given.curve, drawCurve(rows));
  process.stdout.write(`${table(rows)}\n`);
  if (given.json) process.stdout.write(`${JSON.stringify({ rows })}\n`);
}

function playedFor(curve: string | undefined): readonly Injection[] {
  return curve === undefined ? INJECTIONS : INJECTIONS.filter(({ name }) => name === 'stop');
}

function everyRule(withChoices: boolean): Rule[] {
  return [...ourRules(), ...(withChoices ? otherChoices() : []), ...FIXED_RULES, cuddihy, wilhelmWahl];
}

/** Spread evenly over the file. */
function aFewOf(homes: readonly RecordedHome[]): RecordedHome[] {
  const every = Math.ceil(homes.length / QUICK_HOMES);
  return homes.filter((_, position) => position % every === 0);
}

function evaluateAll(plan: Plan): ScoreRow[] {
  const leaks = [...new Set(plan.played.map(({ standingLeak }) => standingLeak))];
  return plan.arrivals.flatMap((arrival) =>
    leaks.flatMap((leak) => {
      const played = plan.played.filter(({ standingLeak }) => standingLeak === leak);
      return evaluateUnderLeak(plan, arrival, leak, played);
    }),
  );
}

function evaluateUnderLeak(plan: Plan, arrival: Arrival, leak: number, played: readonly Injection[]): ScoreRow[] {
  const scores = played.map(() => plan.rules.map((): HomeScore[] => []));
  for (const [position, recorded] of plan.homes.entries()) {
    progress(`${arrival}, leak ${leak} L/h: home ${position + 1} of ${plan.homes.length}`);
    const home = stageHome(recorded, leak, arrival, plan.rules, plan.clock, plan.injections);
    if (home) scoreHome(home, played, scores);
  }
  progress('');
  return played.flatMap((injection, i) =>
    plan.rules.flatMap(({ name, listensFor }, r) => {
      if (injection.calls !== 'harmless' && !listensFor.includes(injection.calls)) return [];
      return [
        scoreRow(
          { rule: name, injection: injection.name, arrival },
          { listensFor, calls: injection.calls },
          scores[i]?.[r] ?? [],
        ),
      ];
    }),
  );
}

function scoreHome(home: StagedHome, played: readonly Injection[], scores: HomeScore[][][]): void {
  const falseAlarms = falseAlarmsOf(home);
  for (const [i, injection] of played.entries()) {
    const outcomes = onsetsFor(home, injection).map((onsetMs) => outcomesOf(home, injection, onsetMs));
    for (const r of home.judges.keys()) {
      scores[i]?.[r]?.push({
        years: home.years,
        falseAlarms: falseAlarms[r] ?? [],
        outcomes: outcomes.flatMap((byRule) => byRule[r] ?? []),
      });
    }
  }
}

/** What should not be told is played a third as often: it lasts for weeks, and nothing is timed. */
function onsetsFor({ onsetsMs }: StagedHome, { calls }: Injection): readonly number[] {
  return calls === 'harmless' ? onsetsMs.slice(0, Math.ceil(onsetsMs.length / 3)) : onsetsMs;
}

/** One line that is written over, for whoever watches. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`);
}

await main();
