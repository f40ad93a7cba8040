import { type Check, fine, problem, warning } from './check.ts';

const NAME = 'Node.js';

/** @param version as in `process.versions.node`. */
export function checkNodeVersion(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    return problem(NAME, `${version} is too old`, 'install Node.js 24, or 20.19 at the least');
  }
  if (major === 20) return warning(NAME, `${version} gets no security fixes any more`, 'install Node.js 24');
  return fine(NAME, version);
}
