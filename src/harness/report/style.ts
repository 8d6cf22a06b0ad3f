/**
 * The style of the HTML report. Contrast of text is at least 4.5 to 1 in both themes. It follows the system, unless the page that
 * shows it in a frame says which (`data-theme`); there it also leaves out what the page has already (`data-framed`).
 */
import { pathColours } from './axis.ts';

const colours = (theme: keyof typeof pathColours): string =>
  pathColours[theme].map((colour, i) => `--p${i}: ${colour};`).join(' ');

const dark = `--page: #141413; --card: #1c1c1a; --text: #ecebe6; --soft: #a8a59c; --rule: #34332f; --mark: #3a2e10; --mark-text: #ffd98a;
  ${colours('dark')}`;

export const reportStyle = `
:root { color-scheme: light dark;
  --page: #fbfaf8; --card: #ffffff; --text: #1b1b1a; --soft: #5c5a55; --rule: #e2dfd8; --mark: #fff3d6; --mark-text: #5b3f00;
  ${colours('light')} }
@media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { ${dark} } }
:root[data-theme="dark"] { color-scheme: dark; ${dark} }
:root[data-theme="light"] { color-scheme: light; }
:root[data-framed] { --page: transparent; } :root[data-framed] .brand { display: none; }
:root[data-framed] main { max-width: none; padding: 0 1px 8px; } :root[data-framed] .scroll { margin: 0; padding: 0; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--text);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 820px; margin: 0 auto; padding: 40px 24px 80px; }
.brand { color: var(--soft); font-size: 14px; margin: 0 0 28px; }
.brand b { color: var(--text); letter-spacing: .02em; }
h1, h2.run { font-size: clamp(26px, 5vw, 38px); line-height: 1.18; letter-spacing: -.015em; font-weight: 650;
  margin: 0 0 14px; text-wrap: balance; overflow-wrap: anywhere; }
h2.run { margin-top: 88px; padding-top: 36px; border-top: 2px solid var(--text); }
h2.part, h3.part { font-size: 19px; line-height: 1.3; font-weight: 650; margin: 52px 0 10px; }
.verdict { font-size: 18px; margin: 0 0 6px; max-width: 62ch; overflow-wrap: anywhere; }
.task, .note, figcaption, .soft { color: var(--soft); font-size: 14.5px; max-width: 70ch; overflow-wrap: anywhere; }
.task { margin: 0 0 4px; }
ul.warnings { list-style: none; margin: 24px 0 0; padding: 14px 18px; background: var(--mark); color: var(--mark-text); border-radius: 8px; font-size: 14.5px; }
ul.warnings li + li { margin-top: 6px; } ul.warnings li { overflow-wrap: anywhere; }
.scroll { overflow-x: auto; margin: 0 -24px; padding: 0 24px; }
table { border-collapse: collapse; font-size: 14.5px; font-variant-numeric: tabular-nums; width: 100%; }
caption { text-align: left; color: var(--soft); font-size: 14.5px; padding: 0 0 8px; }
th, td { text-align: left; padding: 7px 18px 7px 0; vertical-align: baseline; border-bottom: 1px solid var(--rule); }
th { font-weight: 600; } thead th { color: var(--soft); font-weight: 500; white-space: nowrap; }
td.figure { white-space: nowrap; } td.figure i, .soft i { color: var(--soft); font-style: normal; font-size: 13px; }
tr.changed > * { background: var(--mark); color: var(--mark-text); }
td.text { overflow-wrap: anywhere; min-width: 9em; }
figure { margin: 14px 0 34px; } figcaption { margin: 0 0 8px; } figcaption b { color: var(--text); font-weight: 600; display: block; font-size: 15px; }
svg.plot { display: block; width: 100%; height: auto; overflow: visible; color: var(--text); }
svg.plot text { fill: var(--soft); white-space: pre; } svg.plot [data-part$="grid"] { stroke-opacity: .12; }
.narrow { display: none; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 22px; padding: 0; margin: 14px 0 4px; font-size: 14.5px; }
.legend li { display: flex; align-items: center; gap: 8px; overflow-wrap: anywhere; } .legend svg { flex: none; }
dl { display: grid; grid-template-columns: minmax(10em, max-content) 1fr; gap: 5px 22px; margin: 8px 0 0; font-size: 14.5px; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.prose { max-width: 66ch; font-size: 15px; } .prose p { margin: 0 0 10px; }
nav ol { padding-left: 1.4em; } nav li { margin: 6px 0; overflow-wrap: anywhere; } a { color: inherit; }
footer { margin-top: 64px; padding-top: 16px; border-top: 1px solid var(--rule); color: var(--soft); font-size: 13.5px; overflow-wrap: anywhere; }
@media (max-width: 600px) {
  main { padding: 24px 16px 56px; } .scroll { margin: 0 -16px; padding: 0 16px; }
  .wide { display: none; } .narrow { display: block; }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: 9px; } h2.part, h3.part { margin-top: 40px; }
  table.stack thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  table.stack, table.stack tbody, table.stack caption { display: block; }
  table.stack td.figure { white-space: normal; }
  table.stack tr { display: block; padding: 10px 0; border-bottom: 1px solid var(--rule); }
  table.stack th, table.stack td { display: block; border: 0; padding: 1px 0; }
  table.stack td[data-head]::before { content: attr(data-head) "  "; color: var(--soft); }
}
@media print { body { background: #fff; } main { max-width: none; padding: 0; } figure, tr { break-inside: avoid; } }
`;
