"""The look of the sheet: dark ink on light paper, two sheets of A4, one column on a telephone."""

STYLE = """
@page { size: A4; margin: 11mm 12mm; }
:root { color-scheme: only light; }
* { box-sizing: border-box; }
body { margin: 0; background: #f4f1ea; color: #1a1a1a;
  font: 13px/1.45 "Helvetica Neue", Arial, "Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic", Meiryo, sans-serif; }
html[lang=ja] body { line-height: 1.5; }
.lapel-poc-sheet { max-width: 190mm; margin: 16px auto; padding: 20px 24px; background: #fffdf8; border: 1px solid #ddd6c8; }
h1 { font-size: 21px; line-height: 1.25; margin: 0 0 2px; overflow-wrap: anywhere; }
h2 { font-size: 15px; margin: 16px 0 5px; border-bottom: 1.5px solid #1a1a1a; padding-bottom: 2px; }
h3 { font-size: 12.5px; margin: 9px 0 3px; }
p { margin: 4px 0; }
.lapel-poc-about, .lapel-poc-note { color: #555; font-size: 11px; }
.lapel-poc-verdict { border-left: 6px solid #555; padding: 8px 12px; margin: 10px 0; background: #f3efe4; }
.lapel-poc-verdict strong { font-size: 17px; display: block; }
.lapel-poc-go, .lapel-poc-retrain { border-color: #17527d; }
.lapel-poc-no { border-color: #8a4b08; }
.lapel-poc-net { font-size: 14px; font-weight: 600; }
.lapel-poc-net small { font-size: 11.5px; font-weight: 400; }
.lapel-poc-warn { padding: 3px 8px; border: 1px solid #8a4b08; color: #7a2f14; font-weight: 600; }
.lapel-poc-legend abbr { margin-left: 0; }
td sup { font-size: 8px; line-height: 1; }
.lapel-poc-scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 11.5px; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: 2.5px 6px; border-bottom: 1px solid #e4ddcf; vertical-align: top; }
th { font-weight: 600; color: #444; vertical-align: bottom; }
th:first-child, td:first-child, .lapel-poc-text { text-align: left; }
thead th { word-break: keep-all; }
tbody th { color: #1a1a1a; font-weight: 600; vertical-align: top; }
td small { color: #555; white-space: nowrap; }
tr.lapel-poc-chosen td, tr.lapel-poc-chosen th { background: #eef4f8; }
abbr { text-decoration: none; font-size: 8.5px; font-weight: 700; border: 1px solid #888; border-radius: 3px; padding: 0 2px;
  margin-left: 3px; color: #333; vertical-align: 1px; }
.lapel-poc-charts { display: grid; grid-template-columns: repeat(3, 1fr); gap: 8px 14px; }
.lapel-poc-charts.lapel-poc-one { grid-template-columns: 1fr 1.4fr; }
.lapel-poc-chart h3 { margin-top: 0; overflow-wrap: anywhere; }
.lapel-poc-chart p { font-size: 11px; }
.lapel-poc-curve { width: 100%; display: block; }
.lapel-poc-one .lapel-poc-chart { display: contents; }
.lapel-poc-one p { margin-top: 0; }
.lapel-poc-one table { font-size: 10.5px; } .lapel-poc-one td, .lapel-poc-one th { padding: 2px 4px; }
.lapel-poc-two { display: grid; grid-template-columns: 1fr 1fr; gap: 4px 22px; }
.lapel-poc-assumed { columns: 2; column-gap: 22px; font-size: 11px; margin: 0; }
.lapel-poc-assumed div { display: flex; justify-content: space-between; gap: 8px; border-bottom: 1px solid #eee7da;
  break-inside: avoid; padding: 1px 0; }
.lapel-poc-assumed dt, .lapel-poc-assumed dd { margin: 0; }
.lapel-poc-assumed dd { white-space: nowrap; font-variant-numeric: tabular-nums; }
.lapel-poc-swing { display: grid; grid-template-columns: 23em 7em 1fr 7em; gap: 0 8px; align-items: center; font-size: 11px;
  font-variant-numeric: tabular-nums; }
.lapel-poc-swing span { text-align: right; }
.lapel-poc-swing b { font-weight: 600; }
.lapel-poc-bar { width: 100%; height: 14px; display: block; }
@media (max-width: 640px) {
  .lapel-poc-sheet { margin: 0; border: 0; padding: 14px 12px; }
  .lapel-poc-charts, .lapel-poc-charts.lapel-poc-one, .lapel-poc-two { grid-template-columns: 1fr; }
  .lapel-poc-one .lapel-poc-chart { display: block; }
  .lapel-poc-assumed { columns: 1; }
  .lapel-poc-swing { grid-template: "name name" "low high" "bar bar" / 1fr 1fr; margin-bottom: 4px; }
  .lapel-poc-swing b { grid-area: name; } .lapel-poc-swing > div { grid-area: bar; }
  .lapel-poc-swing span { grid-area: high; } .lapel-poc-swing b + span { grid-area: low; text-align: left; }
}
@media print {
  body { background: none; font-size: 9.3pt; line-height: 1.36; }
  html[lang=ja] body { line-height: 1.38; font-size: 8.8pt; }
  .lapel-poc-sheet { max-width: none; margin: 0; padding: 0; border: 0; background: none; }
  .lapel-poc-sheet + .lapel-poc-sheet { break-before: page; }
  .lapel-poc-verdict, tr.lapel-poc-chosen td, tr.lapel-poc-chosen th { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .lapel-poc-scroll { overflow: visible; }
  td { white-space: nowrap; }
  h1 { font-size: 15pt; } h2 { font-size: 11pt; margin: 9pt 0 3pt; } h3 { font-size: 9.3pt; margin: 5pt 0 2pt; }
  .lapel-poc-net { font-size: 10pt; }
  table { font-size: 8.3pt; } .lapel-poc-about, .lapel-poc-note, .lapel-poc-chart p { font-size: 7.8pt; }
  .lapel-poc-assumed { columns: 3; column-gap: 16px; }
  .lapel-poc-assumed, .lapel-poc-swing { font-size: 7.8pt; }
  .lapel-poc-sheet + .lapel-poc-sheet { line-height: 1.28; }
  .lapel-poc-sheet + .lapel-poc-sheet :is(th, td) { padding: 1.2px 6px; }
  .lapel-poc-sheet + .lapel-poc-sheet p { margin: 2px 0; font-size: 8.3pt; }
  .lapel-poc-sheet + .lapel-poc-sheet .lapel-poc-note { font-size: 7.5pt; }
  .lapel-poc-sheet + .lapel-poc-sheet h2 { margin: 6pt 0 2pt; }
  .lapel-poc-sheet + .lapel-poc-sheet h3 { margin: 4pt 0 1pt; }
  .lapel-poc-assumed div { padding: 0; }
  .lapel-poc-bar { height: 11px; }
  tr, .lapel-poc-chart { break-inside: avoid; }
}
"""
