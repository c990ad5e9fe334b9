import { encodePng } from '@hybridcam/viz';
import { describe, expect, it } from 'vitest';
import type { PictureRecord } from '../../src/records/picture-record.ts';
import type { RunDescription } from '../../src/records/run-description.ts';
import { imageSection } from '../../src/report/image-section.ts';
import { summarise } from '../../src/summary/summarise.ts';
import { series, toyRecords } from '../toy-records.ts';

const run = { protocol: { seed: 0 } } as RunDescription;
const picture = Buffer.from(encodePng({ width: 2, height: 2, data: new Uint8Array(16).fill(255) })).toString(
  'base64',
);

describe('imageSection', () => {
  it('chooses among the images with a kept picture, also where those are none of the worst of all', async () => {
    // The reference does worse the smaller the index, and pictures are kept of the six best only.
    const records = toyRecords(
      'grad-cam',
      series(30, (i) => i / 100),
    );
    const pictures = new Map(
      records
        .slice(24)
        .map(({ sha256, image }): [string, PictureRecord] => [
          sha256,
          { v: 1, key: sha256, image, picture, maps: [] },
        ]),
    );
    const { html } = await imageSection(run, summarise(records, { resamples: 100 }), records, pictures);
    const shown = [...html.matchAll(/<h4>(image-\d+)\.png/g)].map(([, image]) => image);
    expect(shown).toEqual(['image-24', 'image-25', 'image-26', 'image-27']);
    expect(html).toContain('id="gallery"');
    const without = await imageSection(run, summarise(records, { resamples: 100 }), records, new Map());
    expect(without.html).not.toContain('id="gallery"');
  });
});
