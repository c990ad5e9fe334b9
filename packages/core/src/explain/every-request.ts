/**
 * What `explain` takes for requests beyond those that `planPlain` plans, and the words for what is wrong with a request. Loaded, before
 * the model runs, with the first such request: a page that explains with the hybrid at one layer never carries it.
 */
export { layerFormulas } from '../methods/layer-formulas.ts';
export { smoothedFormulas } from '../methods/smoothed-formulas.ts';
export { probability } from '../target/probability.ts';
export { resolveClass } from '../target/resolve-class.ts';
export { smoothByAugmentation } from './augmentation-smoothing.ts';
export { channelWeights } from './channel-weights.ts';
export { combineLayers } from './combine-layers.ts';
export { emptyStatus } from './empty-status.ts';
export { inputError } from './input-error.ts';
export { ledgerOf } from './ledger-of.ts';
export { needsGradients } from './needs-gradients.ts';
export { planRequest } from './plan-request.ts';
export { probedMaps } from './probed-maps.ts';
