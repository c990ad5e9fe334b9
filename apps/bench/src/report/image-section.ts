import { upsample, view } from '@hybridcam/core';
import { decode } from '@hybridcam/image/node';
import { encodePng, overlay, type RgbaImage } from '@hybridcam/viz';
import { decodeMap, type PictureRecord } from '../records/picture-record.ts';
import type { MetricRecord } from '../records/record.ts';
import { type SummaryRow, summaryTitle } from '../summary/summarise.ts';
import { short } from '../summary/summary-table.ts';
import { type Html, html, trusted } from './html.ts';

const TABLE_IMAGES = 100;
const GALLERY_IMAGES = 6;

/**
 * Per image: values of the first faithfulness metric for each method, and the images on which method and reference disagree most, with
 * their maps side by side.
 */
export async function imageSection(
  rows: readonly SummaryRow[],
  records: readonly MetricRecord[],
  pictures: ReadonlyMap<string, PictureRecord>,
): Promise<Html> {
  const family = leadingFamily(rows);
  if (family.length === 0) return html``;
  const { metric, preset } = family[0]!;
  const byImage = new Map<string, { record: MetricRecord; values: Map<string, number> }>();
  for (const record of records) {
    if (record.metric !== metric || record.preset !== preset || record.value === null) continue;
    const entry = byImage.get(record.sha256) ?? { record, values: new Map<string, number>() };
    entry.values.set(summaryTitle(record), record.value);
    byImage.set(record.sha256, entry);
  }
  const titles = family.map(summaryTitle);
  const reference = summaryTitle(family.find((row) => row.isReference) ?? family[0]!);
  const spread = ({ values }: { values: Map<string, number> }) => {
    const base = values.get(reference);
    return base === undefined
      ? 0
      : Math.max(0, ...titles.map((title) => Math.abs((values.get(title) ?? base) - base)));
  };
  const entries = [...byImage.values()].sort(
    (a, b) => spread(b) - spread(a) || (a.record.image < b.record.image ? -1 : 1),
  );
  const gallery = await Promise.all(
    entries
      .filter(({ record }) => pictures.has(record.sha256))
      .slice(0, GALLERY_IMAGES)
      .map((entry) => galleryRow(pictures.get(entry.record.sha256)!, entry.values)),
  );
  return html`<h2 id="disagreement">Where the methods disagree most</h2>
<p class="soft">The images with the largest difference in ${metric} to ${reference}; first what the network saw, then each method's map.</p>
${gallery}
<h2 id="images">Images</h2>
<div class="scroll" tabindex="0" role="group" aria-label="table"><table><caption>${metric} (${preset}); ${entries.length > TABLE_IMAGES ? `the ${TABLE_IMAGES} with the largest differences of ${entries.length}` : `${entries.length} images, largest differences first`}</caption>
<thead><tr><th scope="col">image</th><th scope="col" class="n">class</th><th scope="col" class="n">p</th>${titles.map((title) => html`<th scope="col" class="n">${title}</th>`)}</tr></thead>
<tbody>${entries
    .slice(0, TABLE_IMAGES)
    .map(
      ({ record, values }) =>
        html`<tr><td class="name">${record.image}</td><td class="n">${record.class}</td><td class="n">${short(record.p)}</td>${titles.map((title) => html`<td class="n">${values.has(title) ? short(values.get(title)!) : ''}</td>`)}</tr>`,
    )}</tbody></table></div>`;
}

/** The table is about one metric: the first faithfulness metric measured, else the first of all. Controls are left to the verdicts. */
function leadingFamily(rows: readonly SummaryRow[]): SummaryRow[] {
  const leading = rows.find((row) => row.metric === 'insertion') ?? rows[0];
  return rows.filter(
    (row) => row.metric === leading?.metric && row.preset === leading.preset && row.layer !== '',
  );
}

async function galleryRow(record: PictureRecord, values: ReadonlyMap<string, number>): Promise<Html> {
  const picture: RgbaImage = await decode(new Uint8Array(Buffer.from(record.picture, 'base64')));
  const figures = record.maps.map(({ title, shape, data }) => {
    const map = upsample(view(decodeMap({ data }), shape), picture.height, picture.width);
    const drawn = overlay(picture, map);
    const value = values.get(title);
    return figure(drawn, title, value === undefined ? '' : short(value));
  });
  return html`<ul class="gallery" aria-label="Maps of ${record.image}"><li>${figure(picture, record.image, 'what the network saw')}</li>${figures.map((item) => html`<li>${item}</li>`)}</ul>`;
}

function figure(image: RgbaImage, title: string, note: string): Html {
  const source = `data:image/png;base64,${Buffer.from(encodePng({ ...image, data: new Uint8Array(image.data) })).toString('base64')}`;
  return html`<figure>${trusted(`<img src="${source}" width="${image.width}" height="${image.height}" alt="">`)}<figcaption>${title}${note ? html`<br>${note}` : ''}</figcaption></figure>`;
}
