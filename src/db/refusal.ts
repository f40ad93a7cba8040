/** Data exceptions and violated constraints: the same content would be refused again, however often it is sent. */
const REFUSED_CONTENT = /^(22|23)...$/;

/** The SQLSTATE with which PostgreSQL refused what it was given; undefined for every other kind of failure. */
export function contentRefusal(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined;
  const { code } = thrown;
  return typeof code === 'string' && REFUSED_CONTENT.test(code) ? code : undefined;
}
