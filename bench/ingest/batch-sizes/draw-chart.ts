import type { BatchSizes, Writer } from './measure-batch-sizes.ts';

const WIDTH = 880;
const HEIGHT = 480;
const PLOT = { left: 90, right: 650, top: 70, bottom: 410 };
/** Dark enough for text on white, and apart from each other for eyes that see no red or green. */
const STYLES: Readonly<Record<Writer | 'copy', { readonly color: string; readonly name: string }>> = {
  ours: { color: '#0b5394', name: 'Stillwater' },
  insert: { color: '#b45309', name: 'plain INSERT' },
  copy: { color: '#4b5563', name: 'COPY ceiling' },
};
/** Two names closer than this, in pixels, would run into each other. */
const NAME_HEIGHT = 22;

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Scale {
  readonly x: (rowsABatch: number) => number;
  readonly y: (rowsPerSecond: number) => number;
  readonly decadesX: readonly number[];
  readonly decadesY: readonly number[];
}

/** Rows a second by rows a batch as an SVG picture; both axes are logarithmic. `about` says where it was measured. */
export function drawChart(given: BatchSizes, about: string): string {
  const scale = scaleOf(given);
  const writers = ['ours', 'insert'] as const;
  const lines = writers.map((writer) => ({
    writer,
    points: given.results
      .filter((result) => result.writer === writer)
      .map(({ rowsABatch, rowsPerSecond }) => ({ x: scale.x(rowsABatch), y: scale.y(rowsPerSecond) })),
  }));
  const copyY = scale.y(given.copyRowsPerSecond);
  const ends = [
    ...lines.map(({ writer, points }) => ({ writer, y: points.at(-1)?.y ?? 0 })),
    { writer: 'copy' as const, y: copyY },
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="15" fill="#1f2937">`,
    `<title>Readings stored a second, by the rows in a batch</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    `<text x="${PLOT.left}" y="30" font-size="19" font-weight="600">Readings stored a second, by the rows in a batch</text>`,
    `<text x="${PLOT.left}" y="52" fill="#4b5563">${escape(about)}</text>`,
    ...gridX(scale),
    ...gridY(scale),
    `<text x="${(PLOT.left + PLOT.right) / 2}" y="${PLOT.bottom + 52}" text-anchor="middle">rows a batch</text>`,
    `<line x1="${PLOT.left}" x2="${PLOT.right}" y1="${copyY}" y2="${copyY}" stroke="${STYLES.copy.color}" stroke-width="2" stroke-dasharray="7 5"/>`,
    ...lines.flatMap(({ writer, points }) => curve(points, STYLES[writer].color)),
    ...names(ends),
    `</svg>`,
    '',
  ].join('\n');
}

function scaleOf({ results, copyRowsPerSecond }: BatchSizes): Scale {
  const sizes = results.map(({ rowsABatch }) => rowsABatch);
  const rates = [...results.map(({ rowsPerSecond }) => rowsPerSecond), copyRowsPerSecond];
  const decadesX = decades(Math.min(...sizes), Math.max(...sizes));
  const decadesY = decades(Math.min(...rates), Math.max(...rates));
  const along = (range: readonly number[], from: number, to: number) => (value: number) => {
    const [least = 1, most = 1] = [range[0], range.at(-1)];
    return round(from + ((to - from) * Math.log(value / least)) / Math.log(most / least));
  };
  return { x: along(decadesX, PLOT.left, PLOT.right), y: along(decadesY, PLOT.bottom, PLOT.top), decadesX, decadesY };
}

/** The powers of ten around two figures. */
function decades(least: number, most: number): number[] {
  const [from, to] = [Math.floor(Math.log10(least)), Math.ceil(Math.log10(most))];
  return Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i));
}

function gridX({ x, decadesX }: Scale): string[] {
  return decadesX.map(
    (value) =>
      `<text x="${x(value)}" y="${PLOT.bottom + 26}" text-anchor="middle">${value.toLocaleString('en')}</text>`,
  );
}

function gridY({ y, decadesY }: Scale): string[] {
  return decadesY.flatMap((value) => [
    `<line x1="${PLOT.left}" x2="${PLOT.right}" y1="${y(value)}" y2="${y(value)}" stroke="#e5e7eb"/>`,
    `<text x="${PLOT.left - 12}" y="${y(value) + 5}" text-anchor="end">${value.toLocaleString('en')}</text>`,
  ]);
}

function curve(points: readonly Point[], color: string): string[] {
  const path = points.map(({ x, y }) => `${x},${y}`).join(' ');
  return [
    `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="3"/>`,
    ...points.map(({ x, y }) => `<circle cx="${x}" cy="${y}" r="4.5" fill="${color}"/>`),
  ];
}

/** The names stand behind the ends of the lines, from the top down, and make room for each other. */
function names(ends: readonly { readonly writer: Writer | 'copy'; readonly y: number }[]): string[] {
  let lowest = Number.NEGATIVE_INFINITY;
  return ends
    .toSorted((a, b) => a.y - b.y)
    .map(({ writer, y }) => {
      lowest = Math.max(y, lowest + NAME_HEIGHT);
      const { color, name } = STYLES[writer];
      return `<text x="${PLOT.right + 14}" y="${round(lowest + 5)}" fill="${color}" font-weight="600">${name}</text>`;
    });
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
