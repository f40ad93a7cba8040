import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const PRELOAD = 'test/support/log-watch/preload.mjs';

/**
 * Has everything that this test run writes copied into one folder: by the processes that run the tests, and by all that
 * they start. test/log looks through it at the end; it goes with the run. To be called before any of them is started.
 */
export function watchLogs(): void {
  if (process.env['TEST_LOG_FOLDER'] !== undefined) return;
  const folder = mkdtempSync(join(tmpdir(), 'stillwater-log-'));
  // Some tests start programs as another user, who reads and writes here too.
  chmodSync(folder, 0o1777);
  const preload = join(folder, 'preload.mjs');
  copyFileSync(PRELOAD, preload);
  chmodSync(preload, 0o644);
  process.env['TEST_LOG_FOLDER'] = folder;
  process.env['NODE_OPTIONS'] = `${process.env['NODE_OPTIONS'] ?? ''} --import=${pathToFileURL(preload).href}`.trim();
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
}
