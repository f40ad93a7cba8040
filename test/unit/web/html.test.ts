import fc from 'fast-check';
import { expect, it } from 'vitest';
import { html, trusted } from '../../../src/web/html.ts';

it('shows what a neighbour wrote as they wrote it, and runs none of it', () => {
  const note = '<script>alert("1")</script> & \'so\'';

  expect(String(html`<p>${note}</p>`)).toBe(
    '<p>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;so&#39;</p>',
  );
});

it('keeps markup, joins lists and leaves nothing for what is not there', () => {
  const words = ['<one>', 2].map((word) => html`<b>${word}</b>`);

  expect(String(html`<p>${words}${undefined}${false}${trusted('<i>so</i>')}</p>`)).toBe(
    '<p><b>&lt;one&gt;</b><b>2</b><i>so</i></p>',
  );
});

it('never lets a text open a tag or leave a quoted attribute', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const inside = String(html`${text}`);
      expect(inside).not.toMatch(/[<>"']/);
      expect(inside).not.toMatch(/&(?!(?:amp|lt|gt|quot|#39);)/);
    }),
  );
});
