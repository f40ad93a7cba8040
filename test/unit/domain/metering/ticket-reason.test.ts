import { describe, expect, it } from 'vitest';
import { TICKET_KINDS, type TicketEvidence, type TicketKind } from '../../../../src/domain/metering/ticket.ts';
import { ticketReason } from '../../../../src/domain/metering/ticket-reason.ts';
import { HOUR_MS } from '../../../../src/domain/time.ts';

const since = Date.parse('2026-03-02T01:00:00Z');
const both = (kind: TicketKind, evidence: TicketEvidence) => [
  ticketReason(kind, evidence, 'en', 'Asia/Shanghai'),
  ticketReason(kind, evidence, 'zh-CN', 'Asia/Shanghai'),
];

describe('the reason of a ticket', () => {
  it('tells of a leak since when it runs, for how long, and how much at the least', () => {
    const leak = { figure: 3, sinceMs: since, asOfMs: since + 52 * HOUR_MS, hours: 50, litres: 400 };
    expect(both('leak', leak)).toEqual([
      'By 4 Mar 13:00, water had not stood still for 52 h, since 2 Mar 09:00, never under 3 L an hour.',
      '截至3月4日13:00，水自3月2日09:00起52小时没有停过，每小时不少于3升。',
    ]);
  });

  it('tells of a meter that counts by ten litres in how many hours water ran', () => {
    const leak = { figure: 10, sinceMs: since, asOfMs: since + 24 * HOUR_MS, hours: 23, litres: 260, stepLitres: 10 };
    expect(both('leak', leak)).toEqual([
      'By 3 Mar 09:00, water had run in 23 of the last 24 h, 260 L in all, on a meter that counts by 10 L.',
      '截至3月3日09:00，最近24小时中有23小时在用水，共260升（水表每10升计一次）。',
    ]);
  });

  it('tells since when a meter is silent, and how often it is usually heard of', () => {
    expect(both('meter_silent', { lastHeardMs: since, usualHours: 24 })).toEqual([
      'The meter has not been heard of since 2 Mar 09:00; it usually uploads every 24 h.',
      '自3月2日09:00起收不到水表数据；平时约每24小时上传一次。',
    ]);
  });

  it('tells where a register stands, and by how much a clock is off', () => {
    expect(both('stuck_at_zero', { indexLitres: 812, sinceMs: since })).toEqual([
      'The meter reports, but its register has stood at 812 L since 2 Mar 09:00.',
      '水表仍在上报，但读数自3月2日09:00起一直停在812升。',
    ]);
    expect(both('clock_off', { figure: 14 })).toEqual([
      "The meter's clock is about 14 min ahead.",
      '水表时钟约快14分钟。',
    ]);
    expect(both('clock_off', { figure: -25 })[0]).toContain('about 25 min behind, or its readings come so late');
  });

  it('is one sentence in both languages for every kind, also where an older version noted no figures', () => {
    for (const kind of TICKET_KINDS) {
      for (const sentence of [...both(kind, {}), ...both(kind, { figure: 2, sinceMs: since, saidByMeter: true })]) {
        expect(sentence).toMatch(/^[^.。]+[.。]$/u);
        expect(sentence).not.toMatch(/undefined|NaN|Invalid/);
      }
    }
  });
});
