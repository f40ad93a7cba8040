import { beforeEach, describe, expect, it } from 'vitest';
import { useDatabase } from '../../support/database.ts';
import { emptyRoster, importTexts, mistakesIn, type RosterTexts, TOWN_FILES } from '../../support/roster-town.ts';

const database = useDatabase();

beforeEach(() => emptyRoster(database.pool));

const refusalOf = async (texts: RosterTexts) => mistakesIn(await importTexts(database.pool, texts));

describe('what an import refuses', () => {
  it('names the mistakes of all files at once, by line and column', async () => {
    const mistakes = await refusalOf({
      communities: 'code,name,level,parent\nnorth-town,北镇,town,\nriver-city,江城,metropolis,\n',
      households: [
        'code,community,tier,time_zone,monitored_from,meter,meter_nominal_interval_s',
        'WL-001,nowhere,4,Mars/Olympus,yesterday,M 1,0',
        ',north-town,1,,,,900',
      ].join('\n'),
      people: 'phone,name,language,proved\n010-12345678,,zh,perhaps\n',
      pairings: 'household,role,position,phone\nWL-009,neighbour,0,13800000009\n',
      staff: 'community,role,position,phone\nriver-city,desk,1,13800000008\n',
    });

    expect(mistakes).toEqual([
      'communities.csv:2: parent: a city has none, a town belongs to a city, a community to a town',
      'communities.csv:3: level: expected city, town or community',
      'households.csv:2: tier: expected 1, 2 or 3',
      'households.csv:2: time_zone: expected an IANA time zone, such as Asia/Shanghai',
      'households.csv:2: monitored_from: expected a day such as 2026-03-01, or a time with its zone such as 2026-03-01T08:00:00+08:00',
      'households.csv:2: meter: expected up to 64 letters, digits or . _ : -',
      'households.csv:2: meter_nominal_interval_s: expected a whole number from 1 to 172800',
      'households.csv:3: code: is missing',
      'pairings.csv:2: role: expected guardian or contact',
      'pairings.csv:2: position: expected a whole number from 1 to 20',
      'people.csv:2: phone: expected a mobile number of CN',
      'people.csv:2: name: is missing',
      'people.csv:2: language: expected zh-CN or en',
      'people.csv:2: proved: expected yes or no',
      'staff.csv:2: phone: nobody has this phone; people.csv must name them',
    ]);
  });

  it('finds references to homes, people and communities that nobody knows', async () => {
    const mistakes = await refusalOf({
      households: 'code,community\nWL-001,willow-lane\n',
      pairings: 'household,role,position,phone\nWL-009,guardian,1,13800000009\n',
      staff: 'community,role,position,phone\nold-town,desk,1,13800000009\n',
      communities: 'code,name,level,parent\nnorth-town,北镇,town,lost-city\n',
    });

    expect(mistakes).toEqual([
      'communities.csv:2: parent: unknown community',
      'households.csv:2: community: unknown community',
      'pairings.csv:2: household: unknown household',
      'pairings.csv:2: phone: nobody has this phone; people.csv must name them',
      'staff.csv:2: community: unknown community',
      'staff.csv:2: phone: nobody has this phone; people.csv must name them',
    ]);
  });

  it('knows what an earlier import brought', async () => {
    await importTexts(database.pool, TOWN_FILES);

    const report = await importTexts(database.pool, {
      households: 'code,community\nWL-009,willow-lane\n',
      pairings: 'household,role,position,phone\nWL-009,guardian,1,13800000001\nWL-001,guardian,1,13800000002\n',
    });

    expect(report).toMatchObject({ ok: true, counts: { pairings: { added: 1, changed: 1, removed: 1 } } });
  });

  it('does not let one number be two people', async () => {
    const people = 'phone,name\n138-0000-0001,陈明\n+86 138 0000 0001,赵强\n１３８００００００01,孙丽\n';

    expect(await refusalOf({ people })).toEqual([
      'people.csv:3: phone: the same as in line 2',
      'people.csv:4: phone: the same as in line 2',
    ]);
  });

  it('does not let two people hold one place, or one person two places of a role', async () => {
    await importTexts(database.pool, TOWN_FILES);
    const pairings = [
      'household,role,position,phone',
      'WL-001,guardian,1,13800000001',
      'WL-001,guardian,1,13800000002',
      'WL-001,guardian,2,13800000001',
      'WL-001,contact,1,13800000001',
    ].join('\n');

    expect(await refusalOf({ pairings })).toEqual([
      'pairings.csv:3: position: the same as in line 2',
      'pairings.csv:4: phone: the same as in line 2',
    ]);
  });

  it('does not put one meter into two homes', async () => {
    await importTexts(database.pool, TOWN_FILES);
    const households = 'code,community,meter\nWL-003,willow-lane,M-9\nWL-004,willow-lane,M-9\n';

    expect(await refusalOf({ households })).toEqual(['households.csv:3: meter: the same as in line 2']);
  });

  it('hangs no home on a town, and turns no town into a community', async () => {
    await importTexts(database.pool, TOWN_FILES);

    expect(
      await refusalOf({
        communities: 'code,name,level,parent\nnorth-town,北镇,community,river-city\n',
        households: 'code,community\nWL-001,river-city\n',
      }),
    ).toEqual([
      'communities.csv:2: level: a community keeps the level it was imported with',
      'communities.csv:2: parent: a city has none, a town belongs to a city, a community to a town',
      'households.csv:2: community: this is a city or a town; a household belongs to a community',
    ]);
  });

  it('reports a meter’s figures that stand in a line without a meter', async () => {
    await importTexts(database.pool, TOWN_FILES);
    const households =
      'code,community,meter_nominal_interval_s,meter_register_capacity_l\nWL-003,willow-lane,900,99999\n';

    expect(await refusalOf({ households })).toEqual([
      'households.csv:2: meter_nominal_interval_s: a meter must stand in the same line',
      'households.csv:2: meter_register_capacity_l: a meter must stand in the same line',
    ]);
  });

  it('does not blame the other files when one cannot be read', async () => {
    const mistakes = await refusalOf({ ...TOWN_FILES, people: 'telephone,name\n13800000001,陈明\n' });

    expect(mistakes).toEqual([
      'people.csv:1: phone: this column is missing from the header',
      'people.csv:1: telephone: unknown column; known are phone, name, language, proved',
    ]);
  });
});
