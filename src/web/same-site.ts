import type { FastifyRequest } from 'fastify';
import { AppError } from '../core/errors.ts';

/**
 * Hook that refuses forms which another site made a browser send.
 *
 * A browser that says where a request comes from (Sec-Fetch-Site) is believed; of an older one the Origin must be ours.
 * `null` is no stranger: it is what a browser sends from a page that, like ours, gives its address to nobody.
 *
 * @throws AppError `cross_site_refused`
 */
export function refuseOtherSites(request: FastifyRequest): Promise<void> {
  if (request.method === 'GET' || request.method === 'HEAD' || isSameSite(request)) return Promise.resolve();
  return Promise.reject(new AppError('cross_site_refused', 'a form sent by another site was refused'));
}

function isSameSite({ headers, host }: FastifyRequest): boolean {
  const fetchSite = headers['sec-fetch-site'];
  if (fetchSite !== undefined) return fetchSite === 'same-origin' || fetchSite === 'none';
  const { origin } = headers;
  if (origin === undefined || origin === 'null') return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
