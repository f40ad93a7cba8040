/** What a meter can say of itself beside its register. */
export const METER_FLAGS = ['leak', 'burst', 'backflow', 'tamper', 'battery', 'dry'] as const;

export type MeterFlag = (typeof METER_FLAGS)[number];
