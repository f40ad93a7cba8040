import { describe, expect, it } from 'vitest';
import { ruleNames, violationsIn } from './support/cruise.ts';
import { type Files, inScratchTree } from './support/scratch-tree.ts';

/** One violation of each rule: the rule, the file that breaks it, and what that file says. */
const PLANTED: readonly [rule: string, file: string, content: string][] = [
  ['no-cycles', 'src/db/about.ts', `import './round.ts'; export const about = 1;`],
  ['nothing-unresolved', 'src/db/lost.ts', `import './nowhere.ts';`],
  ['core-imports', 'src/core/sly.ts', `import '../domain/fine.ts';`],
  [
    'domain-imports',
    'src/domain/sly.ts',
    `import type { fine } from '../core/fine.ts'; export type Sly = typeof fine;`,
  ],
  ['domain-imports-no-package', 'src/domain/parsing.ts', `import 'zod';`],
  ['domain-imports-no-package', 'src/domain/reading-files.ts', `import 'node:fs';`],
  ['config-imports', 'src/config/sly.ts', `import '../domain/fine.ts';`],
  ['queue-imports', 'src/queue/sly.ts', `import '../alerts/fine.ts';`],
  ['db-imports', 'src/db/sly.ts', `import '../alerts/fine.ts';`],
  ['roster-imports', 'src/roster/sly.ts', `import '../notify/fine.ts';`],
  ['alerts-imports', 'src/alerts/sly.ts', `import '../notify/fine.ts';`],
  ['visits-imports', 'src/visits/sly.ts', `import '../roster/fine.ts';`],
  ['ingest-imports', 'src/ingest/sly.ts', `import '../detectors/fine.ts';`],
  ['detectors-imports', 'src/detectors/sly.ts', `import '../notify/fine.ts';`],
  ['notify-imports', 'src/notify/sly.ts', `import '../detectors/fine.ts';`],
  ['notify-is-given-its-settings', 'src/notify/reading-settings.ts', `import '../config/fine.ts';`],
  ['web-imports', 'src/web/sly.ts', `import '../detectors/fine.ts';`],
  ['web-hands-receipts-to-notify', 'src/web/sending.ts', `import '../notify/fine.ts';`],
  ['only-main-composes', 'src/ingest/composing.ts', `import '../main/fine.ts';`],
  ['ingest-imports', 'src/ingest/composing.ts', ''],
  ['simulator-is-the-outside-world', 'simulator/sly.ts', `import '../src/db/fine.ts';`],
  ['database-package', 'src/alerts/querying.ts', `import 'pg';`],
  ['broker-package', 'src/web/publishing.ts', `import 'mqtt';`],
  ['queue-package', 'src/alerts/enqueueing.ts', `import type { Queue } from 'bullmq'; export type Q = Queue;`],
  ['queue-package', 'src/web/caching.ts', `import 'ioredis';`],
  ['twilio-package', 'src/notify/texting.ts', `import 'twilio';`],
  ['sharp-package', 'src/web/drawing.ts', `export const draw = () => import('sharp');`],
  ['multipart-package', 'src/alerts/reading-forms.ts', `import '@fastify/multipart';`],
];

/** What looks like a violation and is none. */
const ALLOWED: Files = {
  'src/alerts/naming-a-type.ts': `import type { Pool } from 'pg'; export type P = Pool;`,
  'src/notify/naming-settings.ts': `import type { fine } from '../config/fine.ts'; export type F = typeof fine;`,
  'src/web/receiving.ts': `import '../notify/record-receipt.ts'; import '../alerts/fine.ts';`,
  'src/web/webhooks/checking-signatures.ts': `import 'twilio';`,
  'src/web/reading-forms.ts': `import '@fastify/multipart';`,
  'src/web/verification/photo/reencode-photo.ts': `import 'sharp';`,
  'src/roster/closing-alerts.ts': `import '../alerts/fine.ts';`,
  'src/main/composing.ts': `import '../web/fine.ts'; import 'pg'; import 'bullmq';`,
  'simulator/speaking.ts': `import 'mqtt'; import '../src/domain/fine.ts';`,
};

describe('the rules of who may import whom', () => {
  it('are kept everywhere', async () => {
    const { violations, modules } = await violationsIn(process.cwd());

    expect(violations.map(({ rule, from, to }) => `${rule}: ${from} → ${to}`)).toEqual([]);
    expect(modules).toBeGreaterThan(50);
  });

  it('each report the violation planted for them, and nothing that is allowed', async () => {
    const { violations } = await inScratchTree(plantedTree(), violationsIn);

    expect(sorted(violations.map(({ rule, from }) => `${rule}: ${from}`))).toEqual(
      sorted(PLANTED.map(([rule, file]) => `${rule}: ${file}`)),
    );
  });

  it('were all planted', async () => {
    expect(new Set(PLANTED.map(([rule]) => rule))).toEqual(new Set(await ruleNames()));
  });
});

const FOLDERS = ['core', 'domain', 'config', 'queue', 'db', 'roster', 'alerts', 'visits', 'ingest', 'detectors'];
const PACKAGES = ['zod', 'pg', 'mqtt', 'bullmq', 'ioredis', 'twilio', 'sharp', '@fastify/multipart'];

/** A project with an innocent module in each folder, packages that exist in name only, and the violations. */
function plantedTree(): Files {
  const files: Record<string, string> = {
    ...ALLOWED,
    'src/db/round.ts': `export { about } from './about.ts';`,
    'src/notify/record-receipt.ts': 'export const recordReceipt = 1;',
    'package.json': JSON.stringify({ dependencies: Object.fromEntries(PACKAGES.map((name) => [name, '1.0.0'])) }),
    'test/empty.ts': 'export {};',
  };
  for (const name of [...FOLDERS, 'notify', 'web', 'main']) files[`src/${name}/fine.ts`] = 'export const fine = 1;';
  for (const name of PACKAGES) {
    files[`node_modules/${name}/package.json`] = JSON.stringify({ name, version: '1.0.0', main: 'index.js' });
    files[`node_modules/${name}/index.js`] = 'exports.Pool = class {}; exports.Queue = class {};';
  }
  for (const [, file, content] of PLANTED) if (content !== '') files[file] = content;
  return files;
}

function sorted(lines: string[]): string[] {
  return lines.toSorted();
}
