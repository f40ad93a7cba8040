/** A way through JSON: names of fields, places in lists. */
export type JsonPath = readonly (string | number)[];

const STEP = /([^.[\]]+)|\[(\d{1,6})\]/g;

/**
 * Parses `sensor.registers[0].value`. A name may hold anything but a dot and square brackets. The settings have checked
 * that the path is one.
 */
export function parsePath(path: string): JsonPath {
  return Array.from(path.matchAll(STEP), ([, name, place]) => name ?? Number(place));
}

/** What lies at the end of the path; undefined where it leads nowhere. What objects inherit is not found. */
export function valueAt(json: unknown, path: JsonPath): unknown {
  let value = json;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) !== (typeof step === 'number')) {
      return undefined;
    }
    if (!Object.hasOwn(value, step)) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return value;
}
