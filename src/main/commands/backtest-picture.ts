import { AppError } from '../../core/errors.ts';
import { drawCurve, escaped, type Mark } from '../../detectors/backtest/draw-curve.ts';

interface Pictured {
  readonly marks: readonly Mark[];
  readonly homes: number;
  readonly years: number;
  /** Tables as lines of text. */
  readonly tables: readonly (readonly string[])[];
  readonly verdict: string;
}

/**
 * The picture of a backtest: false alarms against hours to detect, each tier of the policy beside the field's fixed rules.
 * An SVG, or a page that needs nothing else and has the tables below it.
 *
 * @throws AppError `input_invalid` for a file name that ends otherwise.
 */
export function backtestPicture(file: string, { marks, homes, years, tables, verdict }: Pictured): string {
  refuseOtherPictures(file);
  const title = `A person who stopped using water: ${homes} homes, ${years.toFixed(1)} years`;
  const curve = drawCurve(marks, { title, alarms: 'alarms a household-year (logarithmic)', hours: 'hours, mean' });
  if (file.endsWith('.svg')) return curve;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    '<title>What a policy costs</title>',
    '<body style="font-family: sans-serif; max-width: 60rem; margin: 2rem auto">',
    `<h1>What a policy costs</h1>\n<p>${escaped(verdict)}</p>`,
    curve,
    ...tables.map((lines) => `<pre>${escaped(lines.join('\n'))}</pre>`),
    '</body>\n</html>\n',
  ].join('\n');
}

/** @throws AppError `input_invalid` */
export function refuseOtherPictures(file: string): void {
  if (/\.(html|svg)$/.test(file)) return;
  throw new AppError('input_invalid', `--picture ${file}: the name of a picture ends in .html or .svg`);
}
