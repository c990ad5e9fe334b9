import { didYouMean } from '@hybridcam/core';
import type { Colormap } from './colormap.ts';
import { diverging } from './colormaps/diverging.ts';
import { grey } from './colormaps/grey.ts';
import { inferno } from './colormaps/inferno.ts';
import { jet } from './colormaps/jet.ts';
import { jetMatplotlib } from './colormaps/jet-matplotlib.ts';
import { turbo } from './colormaps/turbo.ts';
import { viridis } from './colormaps/viridis.ts';
import { expectOption } from './expect-option.ts';

const all: readonly Colormap[] = [viridis, inferno, turbo, grey, diverging, jet, jetMatplotlib];

/** The names `colormapNamed` knows, the default first. */
export const colormapNames: readonly string[] = /* @__PURE__ */ all.map(({ name }) => name);

/**
 * A colour map by name, where the name comes from a user; code imports the colour map itself and pays for that one only.
 * @throws OptionError naming all there are
 * @example colormapNamed('jet-matplotlib')
 */
export function colormapNamed(name: string): Colormap {
  const found = all.find((colormap) => colormap.name === name);
  expectOption(
    found !== undefined,
    'colormapNamed',
    `one of ${colormapNames.join(', ')}`,
    JSON.stringify(name),
    didYouMean(name, colormapNames),
  );
  return found;
}
