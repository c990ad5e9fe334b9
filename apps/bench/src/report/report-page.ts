import type { CostRecord } from '../records/cost-record.ts';
import type { PictureRecord } from '../records/picture-record.ts';
import type { CurveRecord, FailureRecord, MetricRecord } from '../records/record.ts';
import type { Protocol, RunDescription } from '../records/run-description.ts';
import { friedmanTests } from '../summary/friedman-tests.ts';
import { metaEvaluation } from '../summary/meta-evaluation.ts';
import type { SummaryRow } from '../summary/summarise.ts';
import { caveats } from './caveats.ts';
import { costSection } from './cost-section.ts';
import { curveSection } from './curve-section.ts';
import { type Html, html, trusted } from './html.ts';
import { imageSection } from './image-section.ts';
import { reportStyle } from './style.ts';
import { trustSection } from './trust-section.ts';
import { verdictSection } from './verdict-section.ts';

export interface ReportData {
  readonly run: RunDescription;
  readonly rows: readonly SummaryRow[];
  readonly records: readonly MetricRecord[];
  readonly curves: ReadonlyMap<string, CurveRecord>;
  readonly pictures: ReadonlyMap<string, PictureRecord>;
  readonly failures: readonly FailureRecord[];
  /** Of every start, stretch by stretch: half a minute each, or what was left of one. */
  readonly costs: readonly CostRecord[];
  /** What was chosen among the rows, and on which images. */
  readonly notes: readonly string[];
  /** Shown between protocol and verdicts, for example a claims table. */
  readonly lead?: Html;
  readonly title?: string;
}

/** The whole report as one HTML file: nothing is fetched, nothing runs. */
export async function reportPage(data: ReportData): Promise<string> {
  const { run, rows, records, failures } = data;
  const images = new Set(records.map(({ sha256 }) => sha256)).size;
  const title = data.title ?? `Explanations of ${run.protocol.model.name}`;
  const notes = [...data.notes, ...caveats(run, records)];
  const sections: readonly Html[] = [
    data.lead ?? html``,
    notes.length > 0
      ? html`<h2 id="caveats">Read this first</h2><ul class="caveats">${notes.map((note) => html`<li>${note}</li>`)}</ul>`
      : html``,
    verdictSection(rows, friedmanTests(records)),
    trustSection(metaEvaluation(records, run.protocol.seed)),
    curveSection(rows, records, data.curves),
    await imageSection(run, rows, records, data.pictures),
    failureSection(failures),
    costSection(rows, data.costs),
  ];
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${title}</title><style>${{ html: reportStyle }}</style></head>
<body><main>
<h1>${title}</h1>
<p class="soft">${images} images, ${new Set(rows.map((row) => row.metric)).size} metrics, ${records.length} values. Maps are evidence about a network, not proof; no diagnostic device.</p>
${protocolBox(run)}
${contents(sections)}
${sections}
<footer>${run.tool}, protocol ${run.protocolHash}. Numbers of another protocol must not be compared with these.</footer>
</main></body></html>
`;
  return page.html;
}

/** Links to every section, by the headings that the sections themselves carry. */
function contents(sections: readonly Html[]): Html {
  const headings = sections.flatMap((section) => [
    ...section.html.matchAll(/<h2 id="([\w-]+)">([^<]*)<\/h2>/g),
  ]);
  return html`<nav aria-label="Contents">${headings.map(([, id, title]) => html`<a href="#${id}">${trusted(title!)}</a>`)}</nav>`;
}

function protocolBox(run: RunDescription): Html {
  const { protocol, request } = run;
  const { preprocessing } = protocol;
  const facts: [string, string][] = [
    ['Model', `${protocol.model.name}, sha256 ${protocol.model.sha256 ?? 'none'}`],
    ['Images', `${request.images}${request.shard ? `, shard ${request.shard}` : ''}`],
    [
      'Score',
      `${protocol.score} of the explained class; class: ${protocol.class}, frozen on the untouched image`,
    ],
    ['Preprocessing', preprocessingText(preprocessing)],
    ['Maps', `normalised by ${protocol.normalize}, upsampled bilinearly at half-pixel centres`],
    ['Ties', 'value descending, then raster order'],
    ['Seed', String(protocol.seed)],
    ['Runtime', run.runtime],
  ];
  return html`<dl class="facts">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

function preprocessingText({
  resize,
  crop,
  channels,
  divisor,
  mean,
  std,
}: Protocol['preprocessing']): string {
  const resized =
    resize.mode === 'none' ? 'no resize' : `resize ${resize.mode} ${String(resize.size)} (${resize.filter})`;
  const cropped = crop.mode === 'none' ? 'no crop' : `${crop.mode} crop ${String(crop.size)}`;
  return `${resized}, ${cropped}, ${channels}, (x/${divisor} − [${mean.join(', ')}]) / [${std.join(', ')}]`;
}

function failureSection(failures: readonly FailureRecord[]): Html {
  if (failures.length === 0) return html``;
  return html`<h2 id="failures">Images that failed</h2><div class="scroll" tabindex="0" role="group" aria-label="table"><table><thead><tr><th scope="col">image</th><th scope="col">code</th><th scope="col">reason</th></tr></thead>
<tbody>${failures.map(({ image, error }) => html`<tr><td class="name">${image}</td><td>${error.code}</td><td>${error.message}</td></tr>`)}</tbody></table></div>`;
}
