/** What lies at `a.b.0.c` in a JSON document; undefined where nothing does. An empty path, or `$`, is the document. */
export function atPath(document: unknown, path: string): unknown {
  const steps = path
    .replace(/^\$\.?/, '')
    .split('.')
    .filter(Boolean);
  return steps.reduce<unknown>((value, step) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    return (value as Record<string, unknown>)[step];
  }, document);
}

/** The text of a plain value at a path; undefined for anything else. */
export function textAt(document: unknown, path: string | undefined): string | undefined {
  const value = path === undefined ? undefined : atPath(document, path);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

/** The documents of a list at a path; a single one counts as a list of itself. */
export function listAt(document: unknown, path = ''): readonly unknown[] | undefined {
  const value = atPath(document, path);
  if (Array.isArray(value)) return value as unknown[];
  return typeof value === 'object' && value !== null ? [value] : undefined;
}
