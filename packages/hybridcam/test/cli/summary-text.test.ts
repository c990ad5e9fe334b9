import type { Explanation } from '@hybridcam/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { summaryText } from '../../src/cli/explain/summary-text.ts';
import { displayWidth } from '../../src/cli/text-layout.ts';
import {
  explain as explainPicture,
  type ImageExplanation,
  type LoadedModel,
  loadModel,
} from '../../src/index.ts';
import { TINY_LABELS, tinyModel } from '../tiny-model.ts';
import { tinyPicture } from '../tiny-picture.ts';

const timing = { decode: 12.34, forward: 5.678, map: 0.04 };
let model: LoadedModel;
let explanation: ImageExplanation;

beforeEach(async () => {
  model = await loadModel(tinyModel({ shape: ['N', 3, 'H', 'W'] }));
  explanation = await explainPicture(model, tinyPicture(), { classIndex: 2 });
  return () => model.dispose();
});

describe('summaryText', () => {
  it('marks the explained class, and says what was explained where', () => {
    const text = summaryText('cat.png', [explanation], TINY_LABELS, timing, ['out/cat.overlay.png']);
    expect(text.match(/^ › cat /gm)).toHaveLength(1);
    expect(text).toMatch(/hybrid α 0\.7 of cat \(2\) at second, 56×56/);
    expect(text).toContain('  decode 12 ms · forward 5.7 ms · map 0.0 ms\n  -> out/cat.overlay.png\n');
  });

  it('names classes by number without labels', () => {
    expect(summaryText('cat.png', [explanation], undefined, timing, [])).toMatch(/of class 2 at second/);
  });

  it('says why a map is empty', () => {
    const empty: Explanation = { ...explanation, status: 'no-positive-evidence' };
    const text = summaryText('cat.png', [empty as ImageExplanation], TINY_LABELS, timing, []);
    expect(text).toMatch(/no-positive-evidence: Negative evidence outweighs positive/);
    for (const line of text.split('\n')) expect(displayWidth(line), line).toBeLessThanOrEqual(80);
  });

  it('disarms names that would act on the terminal, and keeps long ones in their column', () => {
    const hostile = ['a\u001b[31m', 'b\u202eevil', 'x'.repeat(200), '図'.repeat(60), 'e'];
    const text = summaryText('cat\u001b[2J.png', [explanation], hostile, timing, ['out/\u0007.png']);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the property tested
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    for (const line of text.split('\n').slice(1, 6)) expect(displayWidth(line), line).toBeLessThanOrEqual(80);
  });
});
