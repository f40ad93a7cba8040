/** How one rule did with a person who stopped using water. */
export interface Mark {
  readonly name: string;
  /** Ours are joined by a line. */
  readonly isOurs: boolean;
  /** Left out, those of ours that only make the line have no words beside them. */
  readonly isNamed: boolean;
  /** False alarms a household-year. */
  readonly alarms: number;
  /** Hours to find the person. */
  readonly hours: number;
}

const WIDTH = 760;
const HEIGHT = 440;
const LEFT = 60;
const RIGHT = 170;
const TOP = 36;
const BOTTOM = 52;
const MOST_HOURS = 26;
const ALARMS_SHOWN = [1, 2, 5, 10, 20, 50, 100, 200] as const;

/**
 * False alarms against hours to find a person who stopped, each rule a mark and ours a line: an SVG.
 *
 * @param words what stands above it, beside and below the axes.
 */
export function drawCurve(
  marks: readonly Mark[],
  words: { readonly title: string; readonly alarms: string; readonly hours: string },
): string {
  const ours = marks.filter(({ isOurs }) => isOurs).toSorted((a, b) => a.alarms - b.alarms);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(LEFT, 20, words.title),
    ...ALARMS_SHOWN.map(
      (alarms) => line(x(alarms), TOP, x(alarms), HEIGHT - BOTTOM) + text(x(alarms) - 6, HEIGHT - 34, `${alarms}`),
    ),
    ...[0, 4, 8, 12, 16, 20, 24].map(
      (hours) => line(LEFT, y(hours), WIDTH - RIGHT, y(hours)) + text(34, y(hours) + 4, `${hours}`),
    ),
    text(LEFT, HEIGHT - 12, words.alarms),
    text(6, TOP - 6, words.hours),
    `<polyline fill="none" stroke="#0b6e4f" stroke-width="2" points="${ours.map(({ alarms, hours }) => `${x(alarms)},${y(hours)}`).join(' ')}"/>`,
    ...marks.map(drawMark),
    '</svg>',
    '',
  ].join('\n');
}

function drawMark({ name, isOurs, isNamed, alarms, hours }: Mark): string {
  const colour = isOurs ? '#0b6e4f' : '#8a3b12';
  const label = isNamed ? text(x(alarms) + 7, y(hours) + 4, name, colour) : '';
  return `<circle cx="${x(alarms)}" cy="${y(hours)}" r="4" fill="${colour}"/>${label}`;
}

function x(alarms: number): number {
  const share = Math.log10(Math.max(alarms, 1)) / Math.log10(200);
  return round(LEFT + share * (WIDTH - LEFT - RIGHT));
}

function y(hours: number): number {
  return round(TOP + (1 - Math.min(hours, MOST_HOURS) / MOST_HOURS) * (HEIGHT - TOP - BOTTOM));
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="#ddd"/>`;
}

function text(left: number, base: number, words: string, colour = '#333'): string {
  return `<text x="${left}" y="${base}" fill="${colour}">${escaped(words)}</text>`;
}

/** Words as they stand between the tags of an SVG or a page. */
export function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function round(place: number): number {
  return Math.round(place * 10) / 10;
}
