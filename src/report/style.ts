/** The style of the page: light and dark as the reader's system has it, black on white on paper. */
export const style = `
:root { color-scheme: light dark; --page: #ffffff; --panel: #f4f6f8; --text: #1a1f24; --quiet: #57606a; --line: #b4bcc4; --good: #0f6b38; --bad: #b3171d; --note: #7a4d00; --link: #0a4fa3; --bad-panel: #fdeeee; --good-panel: #e9f6ee; --note-panel: #fdf4e3; }
@media (prefers-color-scheme: dark) { :root { --page: #14181c; --panel: #1e242a; --text: #e8ecf0; --quiet: #a3adb8; --line: #56616c; --good: #6fd399; --bad: #ff938c; --note: #f0be6a; --link: #8ab8ff; --bad-panel: #341b1c; --good-panel: #15301f; --note-panel: #33280f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif; }
header, main, footer { max-width: 60rem; margin: 0 auto; padding: 1rem 1.25rem; }
header { padding-bottom: 0; } header p, footer p { margin: .2rem 0; color: var(--quiet); font-size: .875rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: .2rem 0 .6rem; } h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); } h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
p { margin: .5rem 0; max-width: 46rem; } li { margin: .2rem 0; max-width: 46rem; }
code, pre, .mono { font-family: ui-monospace, "DejaVu Sans Mono", "Liberation Mono", Menlo, Consolas, monospace; font-size: .875rem; overflow-wrap: anywhere; }
pre { margin: .5rem 0; padding: .6rem .8rem; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; white-space: pre-wrap; }
.answer { border-left: 6px solid var(--bad); background: var(--bad-panel); padding: .8rem 1.1rem; border-radius: 0 8px 8px 0; } .answer.good { border-color: var(--good); background: var(--good-panel); } .answer.note { border-color: var(--note); background: var(--note-panel); }
.answer .verdict { margin: 0; font-weight: 600; color: var(--bad); } .answer.good .verdict { color: var(--good); } .answer.note .verdict { color: var(--note); } .answer p.code { margin: 0; color: var(--text); font-size: .875rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; } caption { text-align: left; font-weight: 600; padding: .4rem 0; } th, td { text-align: left; vertical-align: top; padding: .35rem .7rem .35rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; } thead th, tbody th, td strong { overflow-wrap: normal; } tbody th { min-width: 5rem; } th.number, td.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.bad > strong, strong.bad { color: var(--bad); } strong.good { color: var(--good); } small, .quiet { color: var(--quiet); }
dl { display: grid; grid-template-columns: minmax(9rem, 15rem) 1fr; gap: .2rem 1rem; margin: .4rem 0; font-size: .9rem; } dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
figure { margin: .6rem 0 1rem; } figcaption { font-size: .875rem; color: var(--quiet); }
details { margin: .6rem 0; } summary { cursor: pointer; padding: .2rem 0; font-weight: 600; } summary:focus-visible, figure:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
svg { max-width: 100%; height: auto; display: block; }
svg text { font-family: ui-monospace, "DejaVu Sans Mono", "Liberation Mono", Menlo, Consolas, monospace; font-size: 11px; fill: var(--text); white-space: pre; }
svg .strong { font-weight: 700; } svg .detail { fill: var(--text); } svg text.quiet { fill: var(--quiet); }
svg .rail, svg .grid { stroke: var(--line); stroke-width: 1; } svg .arrow, svg .line { stroke: var(--quiet); stroke-width: 1.4; fill: none; } svg .tip { fill: var(--quiet); }
svg .bad .arrow, svg .bad .line { stroke: var(--bad); stroke-width: 2; } svg .bad .tip { fill: var(--bad); } svg .bad .strong, svg .bad .label, svg text.bad, svg .link.bad text { fill: var(--bad); font-weight: 700; } svg .step.note .strong { fill: var(--note); } svg .good .arrow, svg .good .line { stroke: var(--good); } svg .good .tip { fill: var(--good); } svg .step.good .strong, svg text.good { fill: var(--good); }
svg .box rect { fill: var(--panel); stroke: var(--quiet); stroke-width: 1.2; } svg .box.missing rect { fill: none; stroke: var(--bad); stroke-dasharray: 6 4; stroke-width: 2; } svg .box.absent rect { fill: none; stroke-dasharray: 6 4; } svg .box.demand rect { fill: none; stroke: var(--link); } svg .unknown .line { stroke-dasharray: 4 4; }
svg .label { paint-order: stroke; stroke: var(--page); stroke-width: 5px; } svg .good .bar { fill: var(--good); } svg .bad .bar { fill: var(--bad); }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .4rem; } table { font-size: .8rem; } tbody th { min-width: 0; } th, td { padding-right: .4rem; } .wide { overflow-x: auto; } .wide svg { max-width: none; } }
@media print { :root { color-scheme: light; --page: #fff; --panel: #fff; --text: #000; --quiet: #333; --line: #888; --good: #0f6b38; --bad: #b3171d; --note: #5c3a00; --link: #000; --bad-panel: #fff; --good-panel: #fff; --note-panel: #fff; } body { font-size: 11pt; } header, main, footer { max-width: none; padding: 0; } figure, tr, .answer, pre { break-inside: avoid; } h2, h3, summary { break-after: avoid; } figure.long { break-inside: auto; } details::details-content { content-visibility: visible; block-size: auto; } details.words { display: none; } dl, table { font-size: 8.5pt; } dl { gap: 0 .8rem; } }
`;
