import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parsePolicyFile } from '../../../src/config/policy-file.ts';
import { voicePolicies } from '../../../src/config/voice-policies.ts';
import { policyInWords } from '../../../src/main/commands/policy-in-words.ts';
import { policyNow } from '../../../src/main/policies.ts';

const parse = (policy: unknown) => parsePolicyFile(JSON.stringify(policy), 'policy.json');
const step = (afterMinutes: number) => ({ afterMinutes, ask: [{ role: 'desk', position: 1 }] });
const escalation = (...steps: object[]) => ({
  tiers: { 1: { escalation: { name: 'night', steps, repeatLastEveryMinutes: 15, claimLapsesAfterMinutes: 30 } } },
});

describe('a policy file', () => {
  it('may set as little as one rule of one tier', () => {
    const lowUse = { windowHours: 12, floorLitres: 10, minCoverage: 0.9 };
    expect(parse({ tiers: { 2: { lowUse } } })).toEqual({ tiers: { 2: { lowUse } } });
  });

  it('can say who is asked when', () => {
    expect(parse(escalation(step(0), step(10)))).toMatchObject(escalation(step(0), step(10)));
  });

  it('can say by which channels a step asks; what says nothing stays as it was', () => {
    const calling = escalation({ ...step(0), channels: ['sms'] }, { ...step(10), channels: ['voice', 'sms'] });
    expect(parse(calling)).toMatchObject(calling);
    const [plain] = parse(escalation(step(0))).tiers[1]?.escalation?.steps ?? [];
    expect(plain).toEqual(step(0));
  });

  it.each([[[]], [['sms', 'sms']], [['fax']], ['voice']])('is refused when a step asks by %j', (channels) => {
    expect(() => parse(escalation({ ...step(0), channels }))).toThrow('channels');
  });

  it('tells which of its escalation policies ask by voice: of tiers, of variants and of communities', () => {
    const named = (name: string, channels?: string[]) => ({
      name,
      steps: [{ ...step(0), ...(channels && { channels }) }],
      repeatLastEveryMinutes: 15,
      claimLapsesAfterMinutes: 30,
    });
    const file = parse({
      tiers: {
        1: {
          escalation: named('texts', ['sms']),
          escalationVariants: [{ when: {}, policy: named('night', ['voice']) }],
        },
        2: { escalation: named('both', ['sms', 'voice']) },
      },
      communities: { RIVERSIDE: { 3: { escalation: named('by the river', ['voice']) } } },
    });
    expect(voicePolicies(file)).toEqual(['night', 'both', 'by the river']);
    expect(voicePolicies(parse(escalation(step(0))))).toEqual([]);
  });

  it('is refused when nobody would be asked at once', () => {
    expect(() => parse(escalation(step(5)))).toThrow('the first step must be taken at 0 minutes');
    expect(() => parse(escalation())).toThrow('policy.json');
  });

  it('is refused when a step does not come after the one before it', () => {
    expect(() => parse(escalation(step(0), step(10), step(10)))).toThrow('must come later');
  });

  it('is refused when a step asks nobody', () => {
    expect(() => parse(escalation(step(0), { afterMinutes: 10, ask: [] }))).toThrow('policy.json');
  });

  it('is refused when it names something that does not exist: a typing error must not leave a rule at its default', () => {
    expect(() => parse({ tiers: { 2: { lowuse: {} } } })).toThrow('lowuse');
    expect(() => parse({ tiers: { 4: {} } })).toThrow('tiers');
  });

  it('is refused when it would take missing data for a still home', () => {
    const blind = { windowHours: 12, floorLitres: 10, minCoverage: 0.2 };
    expect(() => parse({ tiers: { 2: { lowUse: blind } } })).toThrow('minCoverage');
  });

  it('says for how long alerts may wait, and is refused when that would be for ever', () => {
    const queueHours = { 1: 0, 2: 1, 3: 2 };
    expect(parse({ tiers: {}, areas: { holdHours: 1, queueHours, holidays: 'none' } }).areas).toEqual({
      holdHours: 1,
      queueHours,
      holidays: 'none',
    });
    expect(() => parse({ tiers: {}, areas: { holdHours: 24 } })).toThrow('holdHours');
    expect(() => parse({ tiers: {}, areas: { queueHours: { ...queueHours, 1: 5 } } })).toThrow('queueHours');
  });

  it('says how often tickets are told, and never where it does not say', () => {
    const weekly = parse({ tiers: {}, ticketDigest: 'weekly' });
    expect(policyNow(weekly).ticketDigest).toBe('weekly');
    expect(policyInWords(weekly).at(-1)).toBe('weekly at most, new tickets are told to whoever sees to a community');
    expect(policyNow(undefined).ticketDigest).toBe('off');
    expect(() => parse({ tiers: {}, ticketDigest: 'hourly' })).toThrow('ticketDigest');
  });

  it('takes an authority’s own rules, each by its name', () => {
    const rules = [
      { kind: 'low-use', name: 'zero for 8 h', windowHours: 8, floorLitres: 0 },
      { kind: 'volume', name: 'over 2 m3 a day', litres: 2_000, per: 'day' },
      { kind: 'continuous', name: 'every half hour of a day', windowHours: 24 },
    ];
    const taken = parse({ tiers: { 1: { rules } } }).tiers[1]?.rules;
    expect(taken).toMatchObject(rules);
    expect(taken?.[0]).toMatchObject({ minCoverage: 0.9 });
    expect(taken?.[2]).toMatchObject({ slotMinutes: 30 });
  });

  it.each<[string, object[], string]>([
    ['whose volume has no time', [{ kind: 'volume', name: 'a', litres: 9 }], 'say over how long'],
    ['of a kind there is not', [{ kind: 'lowuse', name: 'a' }], 'kind'],
    ['without a name', [{ kind: 'low-use', name: ' ', windowHours: 8, floorLitres: 0 }], 'name'],
    ['of a window of one slot', [{ kind: 'continuous', name: 'a', slotMinutes: 60, windowHours: 1 }], 'two slots'],
    [
      'twice under one name',
      [8, 12].map((windowHours) => ({ kind: 'low-use', name: 'a', windowHours, floorLitres: 0 })),
      'two rules have the same name',
    ],
  ])('is refused with a rule %s', (_, rules, message) => {
    expect(() => parse({ tiers: { 1: { rules } } })).toThrow(message);
  });

  it('is refused, with its name, when it is not JSON', () => {
    expect(() => parsePolicyFile('tiers:\n', 'policy.json')).toThrow('policy.json is not JSON');
  });
});

describe('the policy files of the manual', () => {
  const manual = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
  const files = [...manual.matchAll(/```json\n([^`]*"tiers"[^`]*)```/g)].map(([, text]) => text ?? '');

  it('are taken as they stand there', () => {
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) expect(() => parsePolicyFile(file, 'manual')).not.toThrow();
  });

  it('name hours, weekdays and kinds of day', () => {
    const night = parsePolicyFile(files[1] ?? '', 'manual').tiers[1]?.escalationVariants?.[0];
    expect(night).toMatchObject({
      when: { fromMinute: 1_320, untilMinute: 360 },
      policy: { acknowledgementsNeeded: 2 },
    });
  });
});
