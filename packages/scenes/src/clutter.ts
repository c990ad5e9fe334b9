import { hsv } from './color.ts';
import { capsule } from './distance.ts';
import { clamp, cosineOfTurns, sineOfTurns } from './portable-math.ts';
import { random } from './random.ts';
import type { ClutterSpec } from './scene-spec.ts';

/** Paints small strokes and specks on `canvas`, [height, width, 3]. */
export function paintClutter(canvas: Float64Array, size: number, spec: ClutterSpec): void {
  const draw = random(spec.seed, 'clutter');
  for (let item = 0; item < spec.count; item++) {
    const x = draw.uniform() * size;
    const y = draw.uniform() * size;
    const angle = draw.uniform();
    const half = (draw.uniform() < 0.5 ? 0.002 : draw.between(0.01, 0.035)) * size;
    const radius = draw.between(0.006, 0.014) * size;
    const color = hsv(draw.uniform(), draw.between(0.1, 0.8), draw.between(0.2, 1));
    const opacity = draw.between(0.5, 0.95);
    const dx = half * cosineOfTurns(angle);
    const dy = half * sineOfTurns(angle);
    const distance = capsule(x - dx, y - dy, x + dx, y + dy, radius);
    const reach = half + radius + 1;
    const lastRow = Math.min(size - 1, Math.ceil(y + reach));
    const lastColumn = Math.min(size - 1, Math.ceil(x + reach));
    for (let row = Math.max(0, Math.floor(y - reach)); row <= lastRow; row++) {
      for (let column = Math.max(0, Math.floor(x - reach)); column <= lastColumn; column++) {
        const cover = opacity * clamp(0.5 - distance(column + 0.5, row + 0.5), 0, 1);
        if (cover === 0) continue;
        const at = (row * size + column) * 3;
        for (let channel = 0; channel < 3; channel++) {
          canvas[at + channel]! += (color[channel]! - canvas[at + channel]!) * cover;
        }
      }
    }
  }
}
