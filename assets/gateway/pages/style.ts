import { PALETTE } from "./palette";

const variables = (colours: Record<string, string>) =>
  Object.entries(colours)
    .map(([name, value]) => `--${name}:${value};`)
    .join("");

export const STYLE = `
:root { color-scheme: light dark; ${variables(PALETTE.light)} --round: 10px; --mono: ui-monospace, "Cascadia Code", "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace }
@media (prefers-color-scheme: dark) { :root { ${variables(PALETTE.dark)} } }
*, ::before, ::after { box-sizing: border-box }
html { -webkit-text-size-adjust: 100% }
body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif }
a { color: var(--accent); text-underline-offset: 3px; text-decoration-thickness: 1px }
a:hover { text-decoration-thickness: 2px }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0; letter-spacing: -.01em; overflow-wrap: anywhere }
h2 { font-size: 1.05rem; line-height: 1.3; margin: 0 }
p { margin: 0 }
code, pre, textarea, .mono { font-family: var(--mono); font-size: .86em }
.muted { color: var(--muted) }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
[hidden] { display: none !important }

.bar { background: var(--surface); border-bottom: 1px solid var(--line) }
.bar > div, main { max-width: 1280px; margin: 0 auto; padding: 0 24px }
.bar > div { display: flex; align-items: center; gap: 8px 20px; min-height: 56px; flex-wrap: wrap }
.brand { display: flex; align-items: center; gap: 10px; font-weight: 650; color: var(--text); text-decoration: none }
.brand img { display: block }
.region { margin-left: auto; color: var(--muted); font-size: .9em }
main { padding-top: 24px; padding-bottom: 64px }
.stack, [data-live] { display: grid; grid-template-columns: minmax(0, 1fr); gap: 20px }
main { display: grid; grid-template-columns: minmax(0, 1fr); gap: 20px }
.crumbs ol { display: flex; flex-wrap: wrap; gap: 4px 8px; list-style: none; margin: 0 0 6px; padding: 0; font-size: .9em }
.crumbs li { overflow-wrap: anywhere }
.crumbs li + li::before { content: "/"; color: var(--muted); margin-right: 8px }
.top { display: flex; flex-wrap: wrap; gap: 12px 24px; align-items: flex-end; justify-content: space-between }
.top > :first-child { min-width: 0 }
.refresh { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 14px; font-size: .9em; color: var(--muted) }
.refresh .stale { color: var(--bad) }

.panel { background: var(--surface); border: 1px solid var(--line); border-radius: var(--round); overflow: hidden }
.panel > header { display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: baseline; justify-content: space-between; padding: 14px 18px; border-bottom: 1px solid var(--line) }
.panel > .empty { padding: 22px 18px; color: var(--muted) }
.panel > .body { padding: 16px 18px }
.facts { display: flex; flex-wrap: wrap; gap: 14px 40px; margin: 0; padding: 16px 18px }
.facts dt { color: var(--muted); font-size: .86em }
.facts dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere }
.facts .big { font-size: 1.35rem; font-weight: 600; line-height: 1.3 }
meter { width: 150px; height: 10px; display: block; margin-top: 4px }
.choices { list-style: none; margin: 0; padding: 0 }
.choices li + li { border-top: 1px solid var(--line) }
.choices a { display: block; padding: 14px 18px; text-decoration: none }
.choices a:hover { background: var(--sunken) }
.choices a:focus-visible { outline-offset: -3px }
.choices strong { display: block; font-weight: 600; overflow-wrap: anywhere }
.choices span { color: var(--muted); font-size: .86em; overflow-wrap: anywhere }

.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { text-align: left; vertical-align: baseline; padding: 10px 18px; border-bottom: 1px solid var(--line) }
tr:last-child > td { border-bottom: 0 }
th { font-size: .82em; font-weight: 600; color: var(--muted); white-space: nowrap; background: var(--sunken); padding-top: 8px; padding-bottom: 8px }
tbody tr:hover { background: color-mix(in srgb, var(--sunken) 55%, transparent) }
td.tight { white-space: nowrap }
td.some { min-width: 130px; max-width: 260px; overflow-wrap: anywhere }
td.wide { min-width: 230px; max-width: 420px; overflow-wrap: anywhere }
.dense td { font-size: .95em }
.dense th, .dense td { padding-left: 10px; padding-right: 10px }
.dense th:first-child, .dense td:first-child { padding-left: 18px }
.dense th:last-child, .dense td:last-child { padding-right: 18px }
.dense time span { display: block; color: var(--muted); font-size: .86em }
.status { display: inline-flex; justify-self: start; align-items: center; gap: 6px; padding: 1px 9px; border-radius: 99px; font-size: .86em; font-weight: 550; white-space: nowrap; background: var(--sunken); color: var(--muted) }
.status::before { content: ""; width: 7px; height: 7px; border-radius: 50%; background: currentColor }
.status.good { background: var(--good-ground); color: var(--good) }
.status.wait { background: var(--wait-ground); color: var(--wait) }
.status.bad { background: var(--bad-ground); color: var(--bad) }
details > summary { cursor: pointer }
td details > summary { color: var(--accent) }
pre { margin: 8px 0 0; padding: 10px 12px; background: var(--sunken); border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 420px; overflow: auto }
.error { color: var(--bad); overflow-wrap: anywhere }
.pager { display: flex; flex-wrap: wrap; gap: 6px 18px; align-items: center; padding: 12px 18px; border-top: 1px solid var(--line); font-size: .93em }
.pager .muted { margin-right: auto }

.notice { padding: 14px 18px; border: 1px solid var(--line); border-left: 4px solid var(--accent); border-radius: var(--round); background: var(--surface); overflow-wrap: anywhere }
.notice p + p { margin-top: 4px }
.notice.good { border-left-color: var(--good) }
.notice.wait { border-left-color: var(--wait) }
.notice.bad { border-left-color: var(--bad) }
.fault { padding: 26px 24px; border-top: 4px solid var(--bad) }
.fault.calm { border-top-color: var(--wait) }
.fault h1 + p { margin-top: 10px }
.fault h2 + p { margin-top: 6px }
.fault p { max-width: 72ch; overflow-wrap: anywhere }
.fault p + p, .fault details { margin-top: 10px }
.fault small { display: block; color: var(--muted); margin-bottom: 4px; font-size: .86em }

form { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 18px 24px; padding: 18px }
form .all { grid-column: 1 / -1 }
.fold > summary { padding: 14px 18px; font-weight: 600; font-size: 1.05rem }
.fold[open] > summary { border-bottom: 1px solid var(--line) }
.fold > summary:focus-visible { outline-offset: -3px }
label { display: block; font-weight: 600; font-size: .93em }
.hint { display: block; color: var(--muted); font-size: .86em; margin-bottom: 6px }
input, textarea, button { font: inherit; color: inherit }
input, textarea { width: 100%; padding: 8px 10px; background: var(--ground); border: 1px solid color-mix(in srgb, var(--muted) 75%, transparent); border-radius: 6px }
textarea { font-family: var(--mono); font-size: .9em; min-height: 6.2em; resize: vertical; display: block }
[aria-invalid="true"] { border-color: var(--bad); box-shadow: 0 0 0 1px var(--bad) }
.wrong { display: block; color: var(--bad); font-size: .9em; margin-top: 5px; overflow-wrap: anywhere }
button { cursor: pointer; border-radius: 6px; border: 1px solid transparent }
.primary { background: var(--accent); color: var(--on-accent); font-weight: 600; padding: 9px 20px }
.primary:hover { filter: brightness(1.08) }
.plain { background: none; color: var(--accent); padding: 0; text-decoration: underline; text-underline-offset: 3px; text-decoration-thickness: 1px }

@media (max-width: 700px) {
  .bar > div, main { padding-left: 14px; padding-right: 14px }
  main { padding-top: 18px }
  h1 { font-size: 1.3rem }
  form { grid-template-columns: minmax(0, 1fr) }
  .cards, .cards tbody, .cards tr, .cards td { display: block }
  .cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
  .cards tr { padding: 10px 18px; border-bottom: 1px solid var(--line) }
  .cards tr:last-child { border-bottom: 0 }
  .cards td, .cards td:first-child, .cards td.wide, .cards td.some, .dense td:last-child { display: grid; grid-template-columns: 112px minmax(0, 1fr); gap: 12px; border: 0; padding: 4px 0; max-width: none; min-width: 0; white-space: normal; overflow-wrap: anywhere }
  .dense time span { display: inline; color: inherit; font-size: 1em }
  .cards td::before { content: attr(data-heading); color: var(--muted); font-size: .86em; line-height: 1.75 }
}
@media print { .refresh, form { display: none } }
`.trim();
