import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { describe, expect, it } from 'vitest';
import { ampds2Home } from '../../../simulator/recorded/ampds2.ts';
import { createTown } from '../../../simulator/town/town.ts';
import { parseRoster } from '../../../src/roster/parse-roster.ts';

const startAt = new Date('2026-03-01T00:00:00+08:00');
const town = createTown({ seed: 'roster', homes: 170, startAt, realHome: ampds2Home() });
const csv = town.rosterCsv();

/** The rows of a file as objects by its header. */
function rowsOf(text: string): Record<string, string>[] {
  const [header = '', ...lines] = text.trimEnd().split('\n');
  const columns = header.split(',');
  return lines.map((line) => {
    const fields = line.split(',');
    expect(fields.length, line).toBe(columns.length);
    return Object.fromEntries(columns.map((column, n) => [column, fields[n] ?? '']));
  });
}

const communities = rowsOf(csv.communities);
const households = rowsOf(csv.households);
const people = rowsOf(csv.people);
const pairings = rowsOf(csv.pairings);
const staff = rowsOf(csv.staff);

describe('the roster of the town', () => {
  it('is imported without a complaint', () => {
    const files = Object.fromEntries(Object.entries(csv).map(([kind, text]) => [kind, { path: `${kind}.csv`, text }]));
    const { roster, mistakes } = parseRoster(files, ['CN']);

    expect(mistakes).toEqual([]);
    expect(roster.households.rows.length).toBe(town.homes.length);
    expect(roster.people.rows.length).toBe(people.length);
  });

  it('has the columns that an import asks for', () => {
    expect(Object.keys(communities[0] ?? {})).toEqual(['code', 'name', 'level', 'parent']);
    expect(Object.keys(pairings[0] ?? {})).toEqual(['household', 'role', 'position', 'phone']);
    expect(Object.keys(staff[0] ?? {})).toEqual(['community', 'role', 'position', 'phone']);
    expect(Object.keys(people[0] ?? {})).toEqual(['phone', 'name', 'language', 'proved']);
  });

  it('hangs every home on a community, every community on a town, every town on the city', () => {
    const levels = new Map(communities.map(({ code, level }) => [code, level]));
    const above = { community: 'town', town: 'city' } as Record<string, string>;

    expect(communities.filter(({ level }) => level === 'city').map(({ parent }) => parent)).toEqual(['']);
    for (const { level = '', parent } of communities) expect(levels.get(parent)).toBe(above[level]);
    for (const { community } of households) expect(levels.get(community)).toBe('community');
    expect(levels.size).toBe(communities.length);
  });

  it('names each home, its resident, its tier and its meter', () => {
    expect(households.map(({ code }) => code)).toEqual(town.homes.map(({ code }) => code));
    expect(households.map(({ meter }) => meter)).toEqual(town.homes.map(({ meterSerial }) => meterSerial));
    expect(new Set(households.map(({ meter }) => meter)).size).toBe(households.length);
    expect(new Set(households.map(({ tier }) => tier))).toEqual(new Set(['1', '2', '3']));
    expect(households[0]).toMatchObject({
      code: 'SW-0001',
      time_zone: 'Asia/Shanghai',
      monitored_from: startAt.toISOString(),
      meter_nominal_interval_s: '3600',
      meter_register_capacity_l: '10000000',
    });
    expect(households.every(({ resident }) => /^\p{Script=Han}{2,4}$/u.test(resident ?? ''))).toBe(true);
    expect(households.at(-1)?.['code']).toBe('SW-9001');
  });

  it('gives everybody a mobile number of their own', () => {
    const phones = people.map(({ phone = '' }) => phone);

    expect(new Set(phones).size).toBe(phones.length);
    for (const phone of phones) {
      const parsed = parsePhoneNumberFromString(phone);
      expect([parsed?.number, parsed?.country, parsed?.getType()]).toEqual([phone, 'CN', 'MOBILE']);
    }
  });

  it('pairs each home with one or two guardians of its own and two contacts who serve many homes', () => {
    const phonesOf = (household: string | undefined, role: string) =>
      pairings
        .filter((each) => each['household'] === household && each['role'] === role)
        .map(({ phone = '' }) => phone);
    const guardians = households.map(({ code }) => phonesOf(code, 'guardian'));
    const contacts = households.map(({ code }) => phonesOf(code, 'contact'));

    expect(new Set(guardians.map(({ length }) => length))).toEqual(new Set([1, 2]));
    expect(new Set(guardians.flat()).size).toBe(guardians.flat().length);
    expect(
      contacts.every(([usual, standIn]) => usual !== undefined && standIn !== undefined && usual !== standIn),
    ).toBe(true);
    expect(contacts.filter(([usual]) => usual === contacts[0]?.[0]).length).toBeGreaterThanOrEqual(10);
  });

  it('leaves no home without a supervisor and a desk above it, and texts nobody unknown', () => {
    const known = new Set(people.map(({ phone }) => phone));
    const supervised = new Set(staff.filter(({ role }) => role === 'supervisor').map(({ community }) => community));

    expect(households.every(({ community }) => supervised.has(community))).toBe(true);
    expect(staff.filter(({ role }) => role === 'desk').map(({ community }) => community)).toEqual(['CT']);
    expect([...pairings, ...staff].every(({ phone }) => known.has(phone))).toBe(true);
  });

  it('texts some families in English, the others in Chinese', () => {
    const english = people.filter(({ language }) => language === 'en');

    expect(new Set(people.map(({ language }) => language))).toEqual(new Set(['zh-CN', 'en']));
    expect(english.length).toBeLessThan(people.length / 5);
    expect(english.every(({ name }) => /^[A-Z][a-z]+ [A-Z][a-z]+$/.test(name ?? ''))).toBe(true);
  });

  it('knows in which capacity a phone is texted', () => {
    const guardian = pairings.find(({ role }) => role === 'guardian');

    expect(town.roleOf(guardian?.['phone'] ?? '')).toBe('guardian');
    expect(town.roleOf(staff.at(-1)?.['phone'] ?? '')).toBe('desk');
    expect(town.roleOf('+8613300000000')).toBeUndefined();
  });
});
