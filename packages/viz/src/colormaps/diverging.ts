import type { Colormap } from '../colormap.ts';

const neutralLightness = 0.955;
const endLightness = 0.47;
const maxChroma = 0.152;
const blueHue = 258;
const orangeHue = 47;

/**
 * Signed values: blue below zero, pale grey at zero, orange above. Made in OKLab so that equal distances from zero have
 * equal lightness on both sides and neither sign looks stronger; blue and orange stay apart under every common colour
 * vision deficiency. Entries 127 and 128 are the same neutral colour: zero has no sign.
 */
export const diverging: Colormap = {
  name: 'diverging',
  table: /* @__PURE__ */ divergingTable(),
  quantize: 'floor-256',
  diverging: true,
};

function divergingTable(): Uint8Array {
  const table = new Uint8Array(768);
  for (let i = 0; i < 128; i++) {
    const strength = i / 127;
    const lightness = neutralLightness + (endLightness - neutralLightness) * strength;
    // Chroma rises fast at first, so that weak evidence already has a hue, and falls a little where sRGB ends.
    const chroma =
      maxChroma * Math.sin(Math.min(1, strength * 1.25) * 0.5 * Math.PI) * (1 - 0.22 * strength ** 4);
    oklchToSrgb(lightness, chroma, blueHue, table, 3 * (127 - i));
    oklchToSrgb(lightness, chroma, orangeHue, table, 3 * (128 + i));
  }
  return table;
}

/** OKLab (Ottosson 2020) to 8-bit sRGB, clipped. */
function oklchToSrgb(lightness: number, chroma: number, hue: number, table: Uint8Array, at: number): void {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ];
  linear.forEach((value, channel) => {
    const clipped = Math.min(1, Math.max(0, value));
    const encoded = clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055;
    table[at + channel] = Math.round(255 * encoded);
  });
}
