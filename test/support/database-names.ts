export const TEMPLATE_DATABASE = 'stillwater_template';
export const TEST_TIME_ZONE = 'Asia/Shanghai';

/** The same server's URL for another of its databases. */
export function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}
