import type { NdArray } from 'ndarray';
import { readArray } from '../check.ts';
import { assertOneOf } from '../check-options.ts';
import { OptionError, ShapeError } from '../errors.ts';
import { toMap } from '../kernels/to-map.ts';
import type { ArrayView } from '../view.ts';

/** `mean` is pytorch-grad-cam's, `max` TorchCAM's and the LayerCAM authors', `product` RefineCAM's. */
export type CellFusion = 'mean' | 'max' | 'product';

/** `tanh-max`: `max` of `tanhScaled` maps, scaled before they are upsampled, as TorchCAM fuses LayerCAM. */
export type LayerFusion = CellFusion | 'tanh-max';

const cellFusions: readonly CellFusion[] = ['mean', 'max', 'product'];
export const layerFusions: readonly LayerFusion[] = [...cellFusions, 'tanh-max'];

/**
 * One map from the maps of several layers, cell by cell. Normalise each first, or the layer with the largest scale decides alone,
 * and upsample them to one size.
 *
 * `maps` [height, width] each, all of one size; returns [height, width].
 * @throws ShapeError for different sizes, NonFiniteError, OptionError for no maps or another name
 * @example fuseLayers([normalize(coarse), normalize(fine)].map((map) => upsample(map, 224, 224)), 'mean')
 */
export function fuseLayers(maps: readonly ArrayView[], fusion: CellFusion): NdArray<Float32Array> {
  const where = 'fuseLayers';
  assertOneOf(where, 'fusion', fusion, cellFusions);
  if (maps.length === 0) throw new OptionError(`${where}: expected at least one map; received none.`);
  const values = maps.map((map) => readArray(where, 'map', map, ['height', 'width']));
  const [height, width] = maps[0]!.shape as [number, number];
  if (maps.some(({ shape }) => shape[0] !== height || shape[1] !== width)) {
    const shapes = maps.map(({ shape }) => `[${shape}]`).join(', ');
    throw new ShapeError(`${where}: expected maps of one size; received ${shapes}. Upsample them first.`);
  }
  const fused = new Float64Array(values[0]!);
  for (const next of values.slice(1)) {
    for (let i = 0; i < fused.length; i++) {
      if (fusion === 'mean') fused[i]! += next[i]!;
      else if (fusion === 'max') fused[i] = Math.max(fused[i]!, next[i]!);
      else fused[i]! *= next[i]!;
    }
  }
  return toMap(where, fusion === 'mean' ? fused.map((sum) => sum / maps.length) : fused, height, width);
}

/**
 * tanh(2·L) of a normalised map: raises the weak responses of early layers before layers are fused.
 *
 * `map` [height, width]; returns [height, width], in [0, 0.964] for a map in [0, 1].
 *
 * Jiang et al., LayerCAM, IEEE TIP 2021, equation 9 (with the factor that TorchCAM uses).
 * @throws ShapeError, NonFiniteError
 * @example fuseLayers([coarse, fine].map((map) => upsample(tanhScaled(normalize(map)), 224, 224)), 'max')
 */
export function tanhScaled(map: ArrayView): NdArray<Float32Array> {
  const where = 'tanhScaled';
  const values = readArray(where, 'map', map, ['height', 'width']);
  const [height, width] = map.shape as [number, number];
  return toMap(
    where,
    new Float64Array(values).map((value) => Math.tanh(2 * value)),
    height,
    width,
  );
}
