import { wallClock } from '../alerting/reason.ts';
import type { Language } from '../language.ts';
import { HOUR_MS } from '../time.ts';
import type { TicketEvidence, TicketKind } from './ticket.ts';

/** Why a ticket was opened: one sentence with its figures, in the wall-clock time of the home. */
export function ticketReason(kind: TicketKind, evidence: TicketEvidence, language: Language, timeZone: string): string {
  const [zh, en] = REASONS[kind](evidence, (atMs) => wallClock(atMs, language, timeZone));
  return language === 'zh-CN' ? zh : en;
}

type Sentences = readonly [zh: string, en: string];
type Told = (atMs: number) => string;

const REASONS: Readonly<Record<TicketKind, (evidence: TicketEvidence, told: Told) => Sentences>> = {
  leak: leakReason,
  meter_silent: silentReason,
  register_backward: ({ figure = 0, sinceMs }, told) => {
    const [zh, en] = sinceMs === undefined ? ['', ''] : [`，最近一次在${told(sinceMs)}`, `, last at ${told(sinceMs)}`];
    return [
      `水表读数下降了${figure}次，超出回流的可能${zh}。`,
      `The register fell ${times(figure)}, further than water flows back${en}.`,
    ];
  },
  two_registers: ({ figure = 0 }) => [
    `水表读数几天内下降了${figure}次：可能有两块水表使用同一编号。`,
    `The register fell ${times(figure)} within days: two meters seem to send under one name.`,
  ],
  tamper: () => ['水表报告：有人动过水表。', 'The meter says that somebody has tampered with it.'],
  battery: () => ['水表报告：电池电量不足。', 'The meter says that its battery is low.'],
  clock_off: ({ figure = 0 }) => clockReason(figure),
  stuck_at_zero: ({ indexLitres = 0, sinceMs }, told) => {
    const [zh, en] = sinceMs === undefined ? ['', ''] : [`自${told(sinceMs)}起`, ` since ${told(sinceMs)}`];
    return [
      `水表仍在上报，但读数${zh}一直停在${indexLitres}升。`,
      `The meter reports, but its register has stood at ${indexLitres} L${en}.`,
    ];
  },
};

function leakReason(evidence: TicketEvidence, told: Told): Sentences {
  const { figure = 0, hours, litres = 0, stepLitres, sinceMs, asOfMs, saidByMeter } = evidence;
  if (hours === undefined || asOfMs === undefined || sinceMs === undefined) {
    return saidByMeter
      ? ['水表报告：管道漏水。', 'The meter says that water leaks.']
      : [`水一直在流，每小时不少于${figure}升。`, `Water has not stood still, never under ${figure} L an hour.`];
  }
  const [by, since] = [told(asOfMs), told(sinceMs)];
  if (stepLitres !== undefined) {
    return [
      `截至${by}，最近24小时中有${hours}小时在用水，共${litres}升（水表每${stepLitres}升计一次）。`,
      `By ${by}, water had run in ${hours} of the last 24 h, ${litres} L in all, on a meter that counts by ${stepLitres} L.`,
    ];
  }
  const lasted = Math.floor((asOfMs - sinceMs) / HOUR_MS);
  return [
    `截至${by}，水自${since}起${lasted}小时没有停过，每小时不少于${figure}升。`,
    `By ${by}, water had not stood still for ${lasted} h, since ${since}, never under ${figure} L an hour.`,
  ];
}

function silentReason({ lastHeardMs, usualHours }: TicketEvidence, told: Told): Sentences {
  const last = lastHeardMs === undefined ? undefined : told(lastHeardMs);
  const usual: Sentences =
    usualHours === undefined
      ? ['', '']
      : [`；平时约每${usualHours}小时上传一次`, `; it usually uploads every ${usualHours} h`];
  return [
    `自${last ?? '安装'}起收不到水表数据${usual[0]}。`,
    `The meter has not been heard of since ${last ?? 'it was installed'}${usual[1]}.`,
  ];
}

/** @param aheadMinutes negative where the clock is behind. */
function clockReason(aheadMinutes: number): Sentences {
  const minutes = Math.abs(aheadMinutes);
  return aheadMinutes > 0
    ? [`水表时钟约快${minutes}分钟。`, `The meter's clock is about ${minutes} min ahead.`]
    : [
        `水表时钟约慢${minutes}分钟，或数据迟到这么久，而附近水表没有。`,
        `The meter's clock is about ${minutes} min behind, or its readings come so late, and those of its neighbours do not.`,
      ];
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
