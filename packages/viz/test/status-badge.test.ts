import { describe, expect, it } from 'vitest';
import { diverging, filledImage, heatmap, jet, overlay, statusBadge, statusLabels } from '../src/index.ts';
import { mapFrom } from './fixture.ts';

const flat = (value: number, size: number) =>
  mapFrom(Array.from({ length: size }, () => new Array<number>(size).fill(value)));
const photo = filledImage(224, 224, [120, 130, 140]);
/** Share of the pixels that are almost white: the letters of a badge. */
const white = ({ data }: { data: ArrayLike<number> }): number => {
  let count = 0;
  for (let i = 0; i < data.length; i += 4) if (Math.min(data[i]!, data[i + 1]!, data[i + 2]!) > 200) count++;
  return count / (data.length / 4);
};

describe('pictures of maps that say nothing', () => {
  it('overlay leaves the picture uncoloured and says why', () => {
    const marked = overlay(photo, flat(0, 224), { colormap: jet });
    expect(marked).toEqual(statusBadge(photo, 'no-positive-evidence'));
    expect(white(marked)).toBeGreaterThan(0.005);
    expect(overlay(photo, flat(1, 224))).toEqual(statusBadge(photo, 'constant'));
  });

  it('overlay says what the caller knows better', () => {
    expect(overlay(photo, flat(0, 224), { status: 'zero-gradient' })).toEqual(
      statusBadge(photo, 'zero-gradient'),
    );
    expect(overlay(photo, flat(0, 224), { status: 'zero-gradient' })).not.toEqual(
      overlay(photo, flat(0, 224)),
    );
  });

  it('overlay with badge: false is the bare formula', () => {
    const bare = overlay(photo, flat(0, 224), { colormap: jet, badge: false });
    expect([...bare.data.subarray(0, 3)]).toEqual([60, 65, 134]);
    expect(white(bare)).toBe(0);
  });

  it('heatmap enlarges a few cells so that the reason can be read', () => {
    const marked = heatmap(flat(0, 7), { colormap: jet });
    expect([marked.width, marked.height]).toEqual([224, 224]);
    expect(white(marked)).toBeGreaterThan(0.005);
    expect(heatmap(flat(0, 7), { colormap: jet, badge: false }).width).toBe(7);
  });

  it('a signed map without positive values is a picture like any other', () => {
    const map = mapFrom([[-1, -2]]);
    expect(heatmap(map, { colormap: diverging }).width).toBe(2);
  });

  it.each(Object.keys(statusLabels) as (keyof typeof statusLabels)[])(
    '%s is legible even on one pixel',
    (status) => {
      const marked = statusBadge(filledImage(1, 1, [0, 0, 0]), status);
      expect(marked.width).toBe(224);
      expect(white(marked)).toBeGreaterThan(0.005);
    },
  );

  it('does not paint on the picture it was given', () => {
    const before = photo.data.slice();
    statusBadge(photo, 'constant');
    expect(photo.data).toEqual(before);
  });
});
