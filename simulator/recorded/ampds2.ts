import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readRealHome, type RealReadings } from './real-readings.ts';

const RECORDING = join('simulator', 'data', 'ampds2-part.csv');

/**
 * The real family that ships with the project; see simulator/data/README.md for whose data it is.
 *
 * The file stays where it is when the code is compiled, so it is looked for upwards from this file: the package root is
 * two folders up from the sources and three from the compiled code. Throws when the package was installed without it.
 */
export function ampds2Home(): RealReadings {
  return readRealHome(readFileSync(findUpwards(dirname(fileURLToPath(import.meta.url))), 'utf8'));
}

function findUpwards(folder: string): string {
  const here = join(folder, RECORDING);
  if (existsSync(here)) return here;
  const parent = dirname(folder);
  if (parent === folder) throw new Error(`${RECORDING} is missing`);
  return findUpwards(parent);
}
