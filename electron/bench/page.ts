import { escapeXml } from '../../shared/exports/escapeXml';
import { printHtmlPage } from '../../shared/exports/htmlPage';
import { lineText } from '../../shared/exports/names';
import type { Bar, Chart, ChartPage } from './charts';
import { largest, median } from './statistics';

/** How far a bar goes, beyond which it is drawn broken: one tenfold figure would leave nothing of the others. */
const cutFactor = 5;
const [width, height] = [1000, 26];

function words(text: string): string {
  return escapeXml(lineText(text));
}

/** Prints a report as one HTML file: bars with their spread, lines to hold them against, and every figure as text beside them. */
export function printChartPage({ title, facts, notes, sections }: ChartPage): string {
  return printHtmlPage({
    language: 'en',
    title: words(title),
    style,
    body: [
      `<dl>${facts.map(([name, value]) => `<div><dt>${words(name)}</dt><dd>${words(value)}</dd></div>`).join('')}</dl>`,
      ...notes.map((note) => `<p>${escapeXml(note)}</p>`),
      ...sections.map(({ title: heading, note, charts, absent }) =>
        [
          `<section><h2>${words(heading)}</h2>`,
          ...(note === '' ? [] : [`<p>${escapeXml(note)}</p>`]),
          ...charts.filter(({ bars }) => bars.length > 0).map(printChart),
          ...(absent.length === 0 ? [] : [`<ul>${absent.map((line) => `<li>${escapeXml(line)}</li>`).join('')}</ul>`]),
          '</section>',
        ].join('\n'),
      ),
    ],
  });
}

/** Where the chart ends, in its unit. */
function endOf({ bars, lines }: Chart): number {
  const values = bars.flatMap(({ value }) => value ?? []);
  const marks = lines.map(({ value }) => value);
  const most = largest([...values, ...bars.flatMap(({ high }) => high ?? []), ...marks]);
  const usual = largest([...(values.length === 0 ? [] : [median(values)]), ...marks]);
  return Math.min(most, cutFactor * usual) * 1.02;
}

function printChart(chart: Chart): string {
  const end = endOf(chart);
  const lines = chart.lines.map(({ label }, place) => `<span class="key line${place}">${words(label)}</span>`);
  return [
    `<h3>${words(chart.title)} ${lines.join(' ')}</h3>`,
    `<div class="chart">${chart.bars.map((bar) => printBar(bar, chart, end)).join('')}</div>`,
  ].join('\n');
}

function printBar(bar: Bar, { lines, title }: Chart, end: number): string {
  const at = (value: number): number => Math.round((Math.min(value, end) / end) * width * 10) / 10;
  const { value, low, high, label, figure } = bar;
  const shapes: string[] = [];
  if (value !== null) {
    shapes.push(`<rect class="bar" y="5" width="${at(value)}" height="${height - 10}"/>`);
    if (value > end) shapes.push(`<path class="gap" d="M${width * 0.9} ${height - 2}L${width * 0.92} 2"/>`);
    else if (low !== null && high !== null) {
      shapes.push(`<path class="spread" d="M${at(low)} 13H${at(high)}M${at(low)} 9V17M${at(high)} 9V17"/>`);
    }
  }
  for (const [place, line] of lines.entries()) {
    shapes.push(`<path class="line line${place}" d="M${at(line.value)} 0V${height}"/>`);
  }
  const svg = `<svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="${words(`${label}, ${title}: ${figure}`)}">${shapes.join('')}</svg>`;
  return `<div class="name">${words(label)}</div>${svg}<div class="figure">${escapeXml(figure)}</div>`;
}

const style = `
h3{margin:20px 0 6px;font-size:14px;font-weight:600}
.key{margin-left:12px;padding-left:8px;border-left:2px dashed;color:var(--mute);font-weight:400}.key.line1{border-left-style:dotted}
.chart{display:grid;grid-template-columns:minmax(140px,max-content) minmax(120px,1fr) max-content;align-items:center;column-gap:14px;font-size:13px}
.chart svg{display:block;width:100%;height:26px;overflow:visible}.figure{font-variant-numeric:tabular-nums}
.bar{fill:var(--bar);opacity:.75}.gap{fill:none;stroke:Canvas;stroke-width:6;vector-effect:non-scaling-stroke}
.spread{fill:none;stroke:var(--ink);stroke-width:1.5;vector-effect:non-scaling-stroke}
.line{fill:none;stroke:var(--mute);stroke-width:1.5;stroke-dasharray:5 3;vector-effect:non-scaling-stroke}.line.line1{stroke-dasharray:1.5 3}
ul{padding-left:20px;color:var(--mute);font-size:13px}
@media(max-width:640px){.chart{grid-template-columns:1fr}.name{margin-top:8px;font-weight:600}.figure{margin-bottom:2px}}
`.trim();
