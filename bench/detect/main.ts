import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import { ARRIVALS, type Arrival } from './arrivals.ts';
import { drawCurve } from '../../src/detectors/backtest/draw-curve.ts';
import type { JudgedHome } from './home-worker.ts';
import { judgeHomes } from './judge-homes.ts';
import { isAsked } from './play.ts';
import { planOf, type PlanTerms } from './plan.ts';
import { readHomes, type RecordedHome } from '../../src/detectors/backtest/read-homes.ts';
import { table } from './report.ts';
import { type ScoreRow, scoreRow } from './score.ts';

const PROGRESS_LINE_MS = 10_000;
/** Nearly all of the time goes into what homes say when nothing happens to them, so homes are left out and not incidents. */
const QUICK_HOMES = 12;
const QUICK_INJECTIONS = 20;
const HELP = `Judges detectors on recorded homes: what they cost in false alarms, and how soon they find what is played into the readings.

  npm run bench:detect -- --readings FILE --households FILE [--json]

  --readings FILE     meter,local_time,register_l; .csv or .csv.gz
  --households FILE   the homes to take, by the column meter
  --zone ZONE         of local_time (Europe/Madrid)
  --injections N      how often each incident is played in each home (60); what is harmless a third as often
  --arrival NAME      only this one of ${ARRIVALS.join(', ')}
  --only TEXT         only rules whose name holds this; given again, those that hold either
  --played TEXT       only what is played whose name holds this; so given again
  --homes TEXT        only homes with so many members (the column members): 2, or 2,3
  --fold K/N          only every Nth home of the file, from the Kth on
  --quick             at most ${QUICK_HOMES} homes, spread evenly over the file, and ${QUICK_INJECTIONS} injections in each; every rule, incident
                      and way of arriving is there
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
    only: { type: 'string', multiple: true, default: [] },
    played: { type: 'string', multiple: true, default: [] },
    homes: { type: 'string' },
    fold: { type: 'string' },
    quick: { type: 'boolean', default: false },
    curve: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  if (given.help || !given.readings || !given.households) {
    process.stdout.write(HELP);
    process.exitCode = given.help ? 0 : 2;
    return;
  }
  const terms: PlanTerms = {
    zone: given.zone,
    injections: given.quick ? QUICK_INJECTIONS : wholeNumber('injections', given.injections),
    arrivals: arrivalsOf(given.arrival),
    onlyRules: given.only,
    onlyPlayed: given.played,
    isCurve: given.curve !== undefined,
  };
  const filter = { members: given.homes?.split(','), fold: foldOf(given.fold) };
  const everyHome = await readHomes(given.readings, given.households, given.zone, filter);
  const homes = given.quick ? aFewOf(everyHome) : everyHome;
  const bar = new SingleBar({
    format: '{bar} {value} of {total} homes, {duration_formatted} so far, {eta_formatted} to go',
    stream: process.stderr,
    // Where stderr is a file or a log, a line now and then says the same.
    noTTYOutput: true,
    notTTYSchedule: PROGRESS_LINE_MS,
  });
  bar.start(homes.length, 0);
  const judged = await judgeHomes(homes, terms, (done) => {
    bar.update(done);
  });
  bar.stop();
  const rows = rowsOf(terms, judged);
  if (rows.length === 0) throw new Error('no home was read for long enough: it takes 58 days');
  if (given.curve) writeFileSync(given.curve, curveOf(rows));
  process.stdout.write(`${table(rows)}\n`);
  if (given.quick) process.stdout.write(`\nquick: ${quickly(homes, everyHome)}\n`);
  if (given.json) process.stdout.write(`${JSON.stringify({ rows })}\n`);
}

function curveOf(rows: readonly ScoreRow[]): string {
  const stopped = rows.filter(({ injection, arrival }) => injection === 'stop' && arrival === 'hourly');
  const marks = stopped.map(({ rule, faShort, ttdMean }) => {
    const isOurs = rule.startsWith('ours');
    return { name: rule, isOurs, isNamed: !isOurs || rule.includes('tier'), alarms: faShort, hours: ttdMean ?? 96 };
  });
  const [first] = stopped;
  return drawCurve(marks, {
    title: `A person who stopped using water: ${first?.households ?? 0} homes, ${first?.householdYears ?? 0} years, hourly`,
    alarms: 'false alarms a household-year outside absences (logarithmic)',
    hours: 'hours, mean',
  });
}

function arrivalsOf(name: string | undefined): readonly Arrival[] {
  const arrivals = ARRIVALS.filter((arrival) => name === undefined || arrival === name);
  if (arrivals.length === 0) throw new Error(`no arrival ${name ?? ''}: one of ${ARRIVALS.join(', ')}`);
  return arrivals;
}

function foldOf(text: string | undefined): { readonly place: number; readonly folds: number } | undefined {
  if (text === undefined) return undefined;
  const [, place, folds] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  if (!place || !folds) throw new Error(`--fold ${text}: two numbers as in 1/3`);
  return { place: Number(place) - 1, folds: Number(folds) };
}

function wholeNumber(option: string, text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`--${option} ${text}: a whole number from 1 on`);
  return Number(text);
}

/** Spread evenly over the file, always the same ones. */
function aFewOf(homes: readonly RecordedHome[]): RecordedHome[] {
  const count = Math.min(QUICK_HOMES, homes.length);
  return Array.from({ length: count }, (_, i) => homes[Math.floor(((i + 0.5) * homes.length) / count)] ?? []).flat();
}

function quickly(homes: readonly RecordedHome[], everyHome: readonly RecordedHome[]): string {
  return `${homes.length} of ${everyHome.length} homes and ${QUICK_INJECTIONS} injections a home (what is harmless a third as often), chosen the same way every time; every way of arriving that was asked for`;
}

function rowsOf(terms: PlanTerms, judged: readonly JudgedHome[]): ScoreRow[] {
  const { arrivals, played, rules } = planOf(terms);
  const scores = judged.flatMap((home) => home ?? []);
  return arrivals.flatMap((arrival, a) =>
    played.flatMap((injection, i) =>
      rules.flatMap((rule, r) => {
        if (!isAsked(rule, injection)) return [];
        const own = scores.filter((score) => score.arrival === a && score.injection === i && score.rule === r);
        return own.length === 0 ? [] : [scoreRow({ rule, injection, arrival }, own)];
      }),
    ),
  );
}

await main();
