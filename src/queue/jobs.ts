import { z } from 'zod';

/** A scheduled job: its name and the shape of its data. PostgreSQL holds what is due; the job only wakes somebody to look. */
export interface JobDefinition {
  readonly name: string;
  readonly data: z.ZodType;
}

const nothing = z.strictObject({});

export const areas = { name: 'areas', data: nothing } satisfies JobDefinition;
export const detect = { name: 'detect', data: nothing } satisfies JobDefinition;
export const escalate = { name: 'escalate', data: nothing } satisfies JobDefinition;
export const housekeep = { name: 'housekeep', data: nothing } satisfies JobDefinition;
export const rollUp = { name: 'roll-up', data: nothing } satisfies JobDefinition;
export const retention = { name: 'retention', data: nothing } satisfies JobDefinition;
export const quarantine = { name: 'quarantine', data: nothing } satisfies JobDefinition;
export const auditAlerts = { name: 'audit-alerts', data: nothing } satisfies JobDefinition;
export const auditRoster = { name: 'audit-roster', data: nothing } satisfies JobDefinition;
export const dailyWords = { name: 'daily-words', data: nothing } satisfies JobDefinition;
export const survey = { name: 'survey', data: nothing } satisfies JobDefinition;
export const dispatch = { name: 'dispatch', data: nothing } satisfies JobDefinition;
