import type { RecentWater, ShownDay } from '../../domain/metering/recent-water.ts';
import type { Language } from '../../domain/language.ts';
import { html, type Html } from '../html.ts';
import type { PageTexts } from './page-texts.ts';

/** In units of the drawing: a phone of 360 px shows it at its true size. */
const WIDTH = 328;
const HEIGHT = 150;
const FLOOR = 122;
const CEILING = 26;
const BAR_SHARE = 0.66;

/**
 * The last days of a home's water as bars, an ordinary day as a line across them. What it shows is also written out,
 * for those who do not see it and for programs that read aloud.
 */
export function waterChart(water: RecentWater, language: Language, { water: texts }: PageTexts): Html {
  const top = Math.max(1, water.usualLitres ?? 0, ...water.days.map(({ litres }) => litres ?? 0));
  const yOf = (litres: number) => FLOOR - ((FLOOR - CEILING) * litres) / top;
  const step = WIDTH / water.days.length;
  const bars = water.days.map((day, i) =>
    bar(day, { x: step * i, width: step, yOf, label: labelOf(water, i, language, texts) }),
  );
  return html`<h2>${texts.heading}</h2>
    <svg class="water" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${inWords(water, language, texts)}">
      ${water.usualLitres !== undefined && usualLine(yOf(water.usualLitres))} ${bars}
      <path class="floor" d="M0 ${FLOOR}H${WIDTH}" />
    </svg>
    <p class="soft">${caption(water, texts)}</p>`;
}

interface BarPlace {
  readonly x: number;
  readonly width: number;
  readonly yOf: (litres: number) => number;
  readonly label: string;
}

function bar({ litres }: ShownDay, { x, width, yOf, label }: BarPlace): Html {
  const [centre, barWidth] = [round(x + width / 2), round(width * BAR_SHARE)];
  const y = round(yOf(litres ?? 0));
  const left = round(x + (width - barWidth) / 2);
  const column =
    litres !== undefined && html`<rect x="${left}" y="${y}" width="${barWidth}" height="${round(FLOOR - y)}" />`;
  return html`${column}<text x="${centre}" y="${round(y - 6)}">${litres === undefined ? '?' : figure(litres)}</text
    ><text x="${centre}" y="${HEIGHT - 8}">${label}</text>`;
}

function usualLine(y: number): Html {
  return html`<path class="usual" d="M0 ${round(y)}H${WIDTH}" />`;
}

/** What fits over a bar: from ten thousand litres on, cubic metres. */
function figure(litres: number): string {
  return litres < 10_000 ? String(litres) : `${Math.round(litres / 1_000)} m³`;
}

function labelOf(water: RecentWater, i: number, language: Language, texts: PageTexts['water']): string {
  return i === water.days.length - 1 ? texts.today : weekday(water.days[i]?.localDay ?? '', language);
}

function weekday(localDay: string, language: Language): string {
  const style = language === 'zh-CN' ? 'narrow' : 'short';
  return new Intl.DateTimeFormat(language === 'zh-CN' ? 'zh-CN' : 'en-GB', { weekday: style, timeZone: 'UTC' }).format(
    new Date(`${localDay}T00:00:00Z`),
  );
}

function inWords(water: RecentWater, language: Language, texts: PageTexts['water']): string {
  const days = water.days.map(({ litres }, i) => {
    const label = labelOf(water, i, language, texts);
    return litres === undefined ? texts.unknownDay(label) : texts.day(label, litres);
  });
  return `${texts.heading}: ${days.join(', ')}`;
}

function caption({ usualLitres, days }: RecentWater, texts: PageTexts['water']): string {
  const usual = usualLitres === undefined ? texts.unit : texts.usual(usualLitres);
  return days.some(({ litres }) => litres === undefined) ? `${usual} ${texts.questionMark}` : usual;
}

function round(figure: number): number {
  return Math.round(figure * 10) / 10;
}
