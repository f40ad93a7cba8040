/**
 * A name as a text may carry it: the surname's first letter, the rest starred. `张伟` becomes `张*`, `Rosa Gruber`
 * becomes `G.`; a text in the wrong hands names nobody.
 */
export function maskName(name: string): string {
  const trimmed = name.trim();
  const [first = ''] = trimmed;
  if (/\p{Script=Han}/u.test(first)) return `${first}*`;
  const surname = trimmed.split(/\s+/).at(-1) ?? '';
  const [initial = ''] = surname;
  return `${initial.toUpperCase()}.`;
}
