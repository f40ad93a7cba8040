import { z } from 'zod';
import { AppError } from '../core/errors.ts';

const inactivity = z.union([
  z.literal('off'),
  z.object({
    /** No pause alarms where the chance of a longer one is greater than this. */
    chance: z.number().min(0.0001).max(0.2),
    /** How much more chance of a false alarm an hour sooner is worth: 0.0008 is sooner and more often, 0.00003 later and seldom. */
    chancePerHour: z.number().min(0.000_001).max(0.05),
    leastHours: z.number().int().min(1).max(24),
    capHours: z.number().int().min(6).max(48),
    learningDays: z.number().int().min(7).max(60),
    /** How long nothing is said after a home check that found all well; left out, `leastHours` stands. */
    quietAfterCheckHours: z.number().int().min(0).max(24).optional(),
  }),
]);

const lowUse = z.object({
  windowHours: z.number().int().min(1).max(96),
  floorLitres: z.number().int().min(1).max(10_000),
  minCoverage: z.number().min(0.5).max(1),
});

const runningWater = z.object({
  /** Water in each of so many hours, never under so many litres an hour. */
  flows: z.array(
    z.object({ hours: z.number().int().min(1).max(48), litresPerHour: z.number().int().min(1).max(10_000) }),
  ),
  /** And no less than so many times the greatest such flow of the home's last 60 days. */
  timesUsual: z.number().min(1).max(5).optional(),
  /** So much water in so many hours, however it ran. */
  volumes: z.array(
    z.object({ hours: z.number().int().min(1).max(48), litres: z.number().int().min(1).max(1_000_000) }),
  ),
});

const meterSilent = z.object({ afterHours: z.number().min(1).max(240) });

const ruleName = z
  .string()
  .trim()
  .min(1)
  .max(40)
  .regex(/^\P{C}+$/u, 'expected one line of plain text');
const ruleHours = z.number().int().min(1).max(96);

/** What an authority watches for besides the detectors, each rule by a name that people will read. */
const ownRule = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('low-use'),
    name: ruleName,
    windowHours: ruleHours,
    /** Less than this is too little; 0 stands for nothing at all. */
    floorLitres: z.number().int().min(0).max(10_000),
    minCoverage: z.number().min(0.5).max(1).default(0.9),
  }),
  z
    .strictObject({
      kind: z.literal('volume'),
      name: ruleName,
      /** More than this is too much. */
      litres: z.number().int().min(1).max(1_000_000),
      /** Over a day of the home, by its own clock. */
      per: z.literal('day').optional(),
      windowHours: ruleHours.optional(),
    })
    .refine(
      ({ per, windowHours }) => (per === undefined) !== (windowHours === undefined),
      'say over how long: either "per": "day" or "windowHours"',
    ),
  z
    .strictObject({
      kind: z.literal('continuous'),
      name: ruleName,
      slotMinutes: z.number().int().min(5).max(720).default(30),
      windowHours: ruleHours,
    })
    .refine(
      ({ slotMinutes, windowHours }) => windowHours * 60 >= slotMinutes * 2,
      'windowHours must hold two slots at least',
    ),
]);

const ownRules = z
  .array(ownRule)
  .max(10)
  .refine((rules) => new Set(rules.map(({ name }) => name)).size === rules.length, 'two rules have the same name');

const step = z.object({
  afterMinutes: z.number().int().min(0).max(1_440),
  ask: z
    .array(
      z.object({
        role: z.enum(['guardian', 'contact', 'supervisor', 'desk']),
        position: z.union([z.number().int().min(1).max(20), z.literal('all')]),
      }),
    )
    .min(1),
  /** How they are asked; left out: by text. */
  channels: z
    .array(z.enum(['sms', 'voice']))
    .min(1)
    .refine((channels) => new Set(channels).size === channels.length, 'the same channel twice')
    .optional(),
});

const escalation = z.object({
  name: z.string().min(1),
  steps: z
    .array(step)
    .min(1)
    .refine((steps) => steps[0]?.afterMinutes === 0, 'the first step must be taken at 0 minutes')
    .refine(
      (steps) => steps.every((later, i) => i === 0 || later.afterMinutes > (steps[i - 1]?.afterMinutes ?? 0)),
      'each step must come later than the one before it',
    ),
  repeatLastEveryMinutes: z.number().int().min(1).max(1_440),
  claimLapsesAfterMinutes: z.number().int().min(5).max(1_440),
  acknowledgementsNeeded: z.number().int().min(1).max(5).default(1),
  longestSnoozeMinutes: z.number().int().min(5).max(720).default(240),
  confirmRecovery: z.boolean().default(true),
  recoveryClosesAfterHours: z.number().min(0.5).max(48).default(3),
});

const wallClock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'expected a time such as 22:00')
  .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)));

/** When a variant holds, by the clock of the home; what is left out does not matter. */
const hours = z
  .strictObject({
    from: wallClock.optional(),
    until: wallClock.optional(),
    weekdays: z.array(z.number().int().min(1).max(7)).min(1).optional(),
    days: z
      .array(z.enum(['workday', 'weekend', 'holiday']))
      .min(1)
      .optional(),
  })
  .transform(({ from, until, weekdays, days }) => ({ fromMinute: from, untilMinute: until, weekdays, days }));

const variant = z.strictObject({ when: hours, policy: escalation });

const tierPolicy = z.strictObject({
  inactivity: inactivity.optional(),
  lowUse: lowUse.optional(),
  runningWater: runningWater.optional(),
  meterSilent: meterSilent.optional(),
  rules: ownRules.optional(),
  escalation: escalation.optional(),
  escalationVariants: z.array(variant).max(20).optional(),
});

const cause = z.strictObject({
  hours: z.number().min(1).max(24),
  lostShare: z.number().min(0.1).max(1),
  defaultShare: z.number().min(0).max(0.9),
});

/** Nothing here may keep an alert waiting without end. */
const areas = z.strictObject({
  leastHomes: z.number().int().min(5).max(10_000).optional(),
  chance: z.number().min(1e-12).max(0.01).optional(),
  causes: z.strictObject({ silent: cause, dry: cause }).optional(),
  holdHours: z.number().min(0).max(12).optional(),
  alertsAnHour: z
    .strictObject({ least: z.number().int().min(1).max(100_000), shareOfHomes: z.number().min(0).max(1) })
    .optional(),
  queueHours: z
    .strictObject({ 1: z.number().min(0).max(2), 2: z.number().min(0).max(12), 3: z.number().min(0).max(24) })
    .optional(),
  lookIn: z
    .strictObject({
      afterHours: z.strictObject({
        1: z.number().min(1).max(240),
        2: z.number().min(1).max(240),
        3: z.number().min(1).max(240),
      }),
      deskAfterHours: z.number().min(1).max(240),
    })
    .optional(),
  holidays: z.enum(['CN', 'none']).optional(),
  /** Meters that send every minute: when none of them is heard of, readings do not come in. */
  canaries: z
    .strictObject({
      meters: z.array(z.string().min(1)).max(20),
      lateMinutes: z.number().min(2).max(240).default(4),
    })
    .optional(),
});

const tiers = z.strictObject({ 1: tierPolicy.optional(), 2: tierPolicy.optional(), 3: tierPolicy.optional() });

const policyFile = z.strictObject({
  areas: areas.optional(),
  /** How often, at most, whoever sees to a community is told of new tickets and changed habits; never when left out. */
  ticketDigest: z.enum(['off', 'daily', 'weekly']).optional(),
  tiers,
  /** By the code of a community, town or city: what differs there. */
  communities: z.record(z.string().min(1), tiers).optional(),
});

/** What an authority sets, by tier; whatever it leaves out stays at the default. */
export type PolicyFile = z.output<typeof policyFile>;

/**
 * Reads a policy file: JSON with detector rules and escalation steps by tier.
 *
 * @throws AppError `config_invalid` naming every mistake and where it stands.
 */
export function parsePolicyFile(text: string, path: string): PolicyFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new AppError('config_invalid', `${path} is not JSON`, { cause });
  }
  const parsed = policyFile.safeParse(json);
  if (!parsed.success) throw new AppError('config_invalid', `${path}:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
