import { chromium } from 'playwright-core';
import { writeFileSync } from 'node:fs';
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox','--disable-gpu','--allow-file-access-from-files'] });
const [out, ...names] = process.argv.slice(2);
const p = await b.newPage({ viewport: { width: names.length * 370, height: 400 } });
writeFileSync('/tmp/shots/x.html', `<body style="margin:0;display:flex;gap:10px;align-items:flex-start;background:#888">${names.map((n) => `<img width=360 src="${n}.png">`).join('')}`);
await p.goto('file:///tmp/shots/x.html');
await p.screenshot({ path: `/tmp/shots/${out}.png`, fullPage: true });
await b.close();
