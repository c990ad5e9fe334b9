import { blend, hsv, type Rgb } from './color.ts';
import { random } from './random.ts';
import { type BackgroundSpec, backgroundFamilies } from './scene-spec.ts';

/** A quiet background in two muted colours, independent of everything else in the scene. */
export function sampleBackground(seed: number): BackgroundSpec {
  const draw = random(seed, 'background');
  const family = draw.pick(backgroundFamilies);
  const hue = draw.uniform();
  const bright = draw.between(0.35, 0.95);
  const first = hsv(hue, draw.between(0.08, 0.5), bright);
  const step = draw.between(0.12, 0.3);
  const second = hsv(
    hue + draw.between(-0.12, 0.12),
    draw.between(0.08, 0.5),
    bright > 0.65 ? bright - step : bright + step,
  );
  // A horizon and a floor stay level; patterns may lie any way.
  const level = family === 'sky' || family === 'bricks' || family === 'planks';
  return {
    family,
    colors: [first, second],
    scale: Math.round(draw.logBetween(0.1, 0.28) * 1000) / 1000,
    angle: Math.round(draw.between(-1, 1) * (level ? 0.02 : 0.25) * 1000) / 1000,
    seed: draw.integer(2 ** 31),
  };
}

/** The colour a background has from afar. */
export function backdropColor(background: BackgroundSpec): Rgb {
  return blend(background.colors[0], background.colors[1], 0.5);
}
