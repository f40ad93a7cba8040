import type { FastifyPluginCallback } from 'fastify';
import { html } from './html.ts';
import { PAGE_HEADERS, renderPage } from './page.ts';

const LINKS = [
  { url: '/c', zh: '输入短信里的代码', en: 'Enter the code from your text' },
  { url: '/phones', zh: '手机（演示）', en: 'Phones (stand-in)' },
  { url: '/health/ready', zh: '运行状态', en: 'Is everything ready?' },
];

/** `GET /`: what this server is, and the way to those of its pages that are not behind a link in a text. */
export const homePage: FastifyPluginCallback = (app, _options, done) => {
  app.get('/', (_request, reply) => {
    const links = LINKS.filter(({ url }) => app.hasRoute({ method: 'GET', url }));
    return reply
      .headers(PAGE_HEADERS)
      .send(renderPage({ language: 'zh-CN', title: '静水 · Stillwater', body: body(links) }));
  });
  done();
};

function body(links: typeof LINKS) {
  const items = links.map(
    ({ url, zh, en }) =>
      html`<li>
        <a href="${url}">${zh} · <span lang="en">${en}</span></a>
      </li>`,
  );
  return html`<main>
    <h1>静水 · <span lang="en">Stillwater</span></h1>
    <p>通过水表守望独居的人。收到短信的人，请打开短信里的链接。</p>
    <p lang="en">
      Watches over people who live alone, through their water meter. If you were texted, open the link in your text.
    </p>
    <ul>
      ${items}
    </ul>
  </main>`;
}
