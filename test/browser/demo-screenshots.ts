import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { html } from '../../src/web/html.ts';
import { startBrowser } from '../support/browser.ts';

const TERMINAL = { width: 1_000, height: 200 };

/** A picture of the demonstration in a terminal: `npm run screenshots` plays a day for it. */
it('draws the demonstration as it looks in a terminal', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'stillwater-screenshot-'));
  const env = { ...process.env, STILLWATER_DATA_DIR: dataDir, HTTP_PORT: '0', EMBEDDED_MQTT_PORT: '0' };
  const output = execFileSync('npm', ['run', '-s', 'demo', '--', '--once'], { env, encoding: 'utf8' });
  rmSync(dataDir, { recursive: true, force: true });
  expect(output).not.toContain('FAILED');

  const browser = await startBrowser();
  const page = await browser.newPage({ viewport: TERMINAL, deviceScaleFactor: 1 });
  await page.setContent(terminal(`$ npm run demo -- --once\n\n${output}`));
  await page.screenshot({ path: 'docs/images/demo.png', fullPage: true });
  await browser.close();
});

function terminal(text: string): string {
  const style =
    'margin: -8px; padding: 20px; background: #10161d; color: #d7dee6; font: 14px/1.45 monospace; white-space: pre-wrap';
  return html`<!doctype html><meta charset="utf-8" />
    <pre style="${style}">${text}</pre>`.toString();
}
