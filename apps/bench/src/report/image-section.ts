import { isControl } from '../evaluation/method-row.ts';
import type { PictureRecord } from '../records/picture-record.ts';
import type { MetricRecord } from '../records/record.ts';
import type { RunDescription } from '../records/run-description.ts';
import type { SummaryRow } from '../summary/summarise.ts';
import { short } from '../summary/summary-table.ts';
import { type CasePictures, casePictures, pictureHtml, thumbHtml } from './case-pictures.ts';
import { type Html, html } from './html.ts';
import { caseGroups, type ImageCase, type ImageCases, imageCases } from './image-cases.ts';

const TABLE_IMAGES = 100;

/** Images worth a look with picture, evidence, maps and controls; then every image with its values. */
export async function imageSection(
  run: RunDescription,
  rows: readonly SummaryRow[],
  records: readonly MetricRecord[],
  pictures: ReadonlyMap<string, PictureRecord>,
): Promise<Html> {
  const found = imageCases(rows, records);
  if (!found) return html``;
  const drawn = new Map<ImageCase, CasePictures>();
  // A long run keeps pictures of some images only: chosen among all, the groups could be without any.
  const groups = caseGroups({
    ...found,
    cases: found.cases.filter(({ record }) => pictures.has(record.sha256)),
  });
  for (const entry of [...groups.flatMap(({ cases }) => cases), ...found.cases.slice(0, TABLE_IMAGES)]) {
    const picture = pictures.get(entry.record.sha256);
    if (picture && !drawn.has(entry)) drawn.set(entry, await casePictures(picture, run.protocol.seed));
  }
  const nameOf = (index: number) => run.labels?.[index] ?? String(index);
  const gallery =
    groups.length > 0
      ? html`<h2 id="gallery">Images to look at</h2>
<p class="soft">What the network saw, the evidence where it is known, each method's map${found.shown.some(isControl) ? ' and the controls' : ''}, with the ${found.metric} of each.${found.hidden > 0 ? ` ${found.hidden} more methods are left out.` : ''}</p>
${groups.map(
  ({ title, note, cases }) => html`<h3>${title}</h3><p class="soft">${note}</p>
${cases.map((entry) => caseHtml(entry, drawn.get(entry)!, found, nameOf, pictures.get(entry.record.sha256)!))}`,
)}`
      : undefined;
  return html`${gallery}
${table(found, drawn, nameOf)}`;
}

function caseHtml(
  { record, values }: ImageCase,
  pictures: CasePictures,
  { shown }: ImageCases,
  nameOf: (index: number) => string,
  { truth }: PictureRecord,
): Html {
  const trueClass =
    truth?.class === undefined || truth.class === record.class ? '' : `, truly ${nameOf(truth.class)}`;
  const maps = shown.flatMap((title) => {
    const image = pictures.map(title);
    const value = values.get(title);
    if (!image || (isControl(title) && value === undefined)) return [];
    return [
      figure(image, isControl(title) ? `${title} (control)` : title, value === undefined ? '' : short(value)),
    ];
  });
  const seen = figure(pictures.picture, 'what the network saw', '');
  const evidence = pictures.evidence ? figure(pictures.evidence, 'the evidence', '') : undefined;
  return html`<div class="case"><h4>${record.image}<span class="soft">: ${nameOf(record.class)}, p = ${short(record.p)}${trueClass}</span></h4>
<ul class="gallery" aria-label="Maps of ${record.image}">${[seen, ...(evidence ? [evidence] : []), ...maps].map((item) => html`<li>${item}</li>`)}</ul></div>`;
}

function figure(image: Parameters<typeof pictureHtml>[0], title: string, note: string): Html {
  return html`<figure>${pictureHtml(image)}<figcaption>${title}${note ? html` <b>${note}</b>` : ''}</figcaption></figure>`;
}

function table(
  { metric, preset, reference, shown, cases }: ImageCases,
  drawn: ReadonlyMap<ImageCase, CasePictures>,
  nameOf: (index: number) => string,
): Html {
  const count = cases.length;
  const scope =
    count > TABLE_IMAGES
      ? `the ${TABLE_IMAGES} with the largest differences to ${reference} of ${count}`
      : `${count} images, largest differences to ${reference} first`;
  const row = (entry: ImageCase) => {
    const { record, values, isMisclassified } = entry;
    const pictures = drawn.get(entry);
    const map = pictures?.map(reference);
    return html`<tr><td class="thumbs">${pictures ? thumbHtml(pictures.picture) : undefined}${map ? thumbHtml(map) : undefined}</td><th scope="row" class="name">${record.image}</th><td>${nameOf(record.class)}${isMisclassified ? html`<br><span class="small worse">not the true class</span>` : undefined}</td><td class="n">${short(record.p)}</td>${shown.map((title) => html`<td class="n">${values.has(title) ? short(values.get(title)!) : ''}</td>`)}</tr>`;
  };
  return html`<h2 id="images">Images</h2>
<div class="scroll" tabindex="0" role="group" aria-label="table"><table class="images"><caption>${metric} (${preset}); ${scope}. Beside each picture the map of ${reference}.</caption>
<thead><tr><th scope="col">picture, map</th><th scope="col">image</th><th scope="col">class</th><th scope="col" class="n">p</th>${shown.map((title) => html`<th scope="col" class="n title">${title}</th>`)}</tr></thead>
<tbody>${cases.slice(0, TABLE_IMAGES).map(row)}</tbody></table></div>`;
}
