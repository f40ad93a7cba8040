import { createHash } from 'node:crypto';

/**
 * The style of every page, made for a phone held outdoors by somebody who may be seventy: 18 px text, wide targets,
 * strong contrast, light and dark. The details of an answer stay folded until it is chosen; a browser that does not
 * know :has() shows them all.
 */
export const STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ink:#14202b;--soft:#475663;--line:#7b8894;--panel:#eef3f7;--accent:#00558c;--on-accent:#fff;--danger:#a8071a;--on-danger:#fff;--danger-panel:#fdecec;--good:#17633a;--good-panel:#e8f5ec}
@media (prefers-color-scheme:dark){:root{--paper:#10171e;--ink:#eef2f5;--soft:#b4c0ca;--line:#8795a1;--panel:#1b2630;--accent:#7cc4f5;--on-accent:#08202f;--danger:#ff9c9c;--on-danger:#3a0508;--danger-panel:#3b1518;--good:#86d9a5;--good-panel:#14301f}}
*{box-sizing:border-box}
html{font-size:112.5%;-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.6 system-ui,-apple-system,"PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif;overflow-wrap:anywhere}
header,main,aside,section{max-width:36rem;margin:0 auto;padding:.5rem 1rem}
header{display:flex;flex-wrap:wrap;align-items:center;justify-content:space-between;gap:0 1rem;min-height:3.5rem;color:var(--soft)}
main{padding-bottom:3rem}
h1{font-size:1.55rem;line-height:1.3;margin:.5rem 0}
h2,legend{font-size:1.15rem;font-weight:700;line-height:1.35}
h2{margin:1.5rem 0 .5rem}
p{margin:.5rem 0}
a{color:var(--accent)}
header a{display:inline-flex;align-items:center;min-height:2.75rem;padding:0 .25rem}
a.button,button{display:flex;align-items:center;justify-content:center;width:100%;min-height:3.25rem;margin:1rem 0 0;padding:.5rem 1rem;border:2px solid var(--accent);border-radius:.6rem;background:var(--accent);color:var(--on-accent);font:inherit;font-size:1.1rem;font-weight:700;text-align:center;text-decoration:none;cursor:pointer}
a.plain,button.plain{background:transparent;color:var(--accent)}
a.danger{border-color:var(--danger);background:transparent;color:var(--danger)}
svg.water{display:block;width:100%;max-width:26rem;height:auto}
svg.water rect{fill:var(--accent)}
svg.water text{fill:var(--ink);stroke:var(--paper);stroke-width:4px;paint-order:stroke;font-size:18px;text-anchor:middle}
svg.water path{fill:none;stroke:var(--line);stroke-width:2}
svg.water .usual{stroke:var(--ink);stroke-dasharray:6 5}
:focus-visible{outline:3px solid var(--accent);outline-offset:3px}
.soft{color:var(--soft)}
.panel{margin:1rem 0;padding:.75rem 1rem;border-radius:.6rem;background:var(--panel)}
.panel>:first-child{margin-top:0}
.panel>:last-child{margin-bottom:0}
.good{background:var(--good-panel);border-left:.4rem solid var(--good)}
.grave{background:var(--danger-panel);border-left:.4rem solid var(--danger)}
.emergency{margin:1rem 0;padding:.75rem 1rem;border:2px solid var(--danger);border-radius:.6rem}
.emergency p{margin:0 0 .5rem;font-weight:700}
.numbers{display:flex;flex-wrap:wrap;gap:.6rem}
.numbers a{display:inline-flex;flex:1 1 4.5rem;align-items:center;justify-content:center;min-height:3rem;padding:0 .75rem;border-radius:.6rem;background:var(--danger);color:var(--on-danger);font-size:1.35rem;font-weight:700;text-decoration:none}
dl{margin:.75rem 0}
dt{color:var(--soft)}
dd{margin:0 0 .6rem}
ul.people{margin:.5rem 0;padding:0;list-style:none}
ul.people li{padding:.4rem 0;border-top:1px solid var(--line)}
ul.people li:first-child{border-top:0}
fieldset{margin:1.5rem 0 0;padding:0;border:0;min-width:0}
legend{margin:0 0 .25rem;padding:0}
.choice{display:flex;align-items:center;gap:.75rem;min-height:3.25rem;margin:.5rem 0 0;padding:.5rem .75rem;border:2px solid var(--line);border-radius:.6rem;cursor:pointer}
.choice:has(:checked){border-color:var(--accent);background:var(--panel)}
.choice:has(:focus-visible){outline:3px solid var(--accent);outline-offset:3px}
.choice input{flex:none;width:1.5rem;height:1.5rem;margin:0;accent-color:var(--accent)}
.choice input:focus-visible{outline:0}
.choice b{display:block;line-height:1.3}
.choice small{display:block;color:var(--soft);font-size:1rem;line-height:1.4}
.detail{margin:.5rem 0 0 1rem;padding:.25rem 0 .25rem 1rem;border-left:.25rem solid var(--line)}
@supports selector(:has(*)){.detail{display:none}fieldset:has(#outcome-false_alarm:checked) .for-false_alarm,fieldset:has(#outcome-away:checked) .for-away{display:block}}
label.name{display:block;font-weight:700}
select,textarea,input[type=date],input[type=time],input[type=text],input[type=file]{display:block;width:100%;min-width:0;min-height:3rem;margin:.4rem 0 0;padding:.5rem .75rem;border:2px solid var(--line);border-radius:.6rem;background:var(--paper);color:var(--ink);font:inherit}
textarea{min-height:6rem;resize:vertical}
:is(select,textarea,input)[aria-invalid=true]{border-color:var(--danger)}
.note,.field{margin-top:1.5rem}
.field .soft{display:block}
.error{margin:.4rem 0;color:var(--danger);font-weight:700}
.errors{margin:1rem 0;padding:.75rem 1rem;border:3px solid var(--danger);border-radius:.6rem}
.errors h2{margin:0}
.errors ul{margin:.25rem 0 0;padding:0;list-style:none}
.errors a{display:inline-flex;align-items:center;min-height:2.75rem;color:var(--danger);font-weight:700}
figure{margin:0 0 1rem}
figure img{display:block;width:100%;height:auto;border-radius:.6rem}
figcaption{color:var(--soft)}
hr{margin:2rem 0;border:0;border-top:1px solid var(--line)}
`;

/** How a Content-Security-Policy names this style and no other. */
export const STYLE_SOURCE = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;
