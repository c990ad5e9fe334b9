import { heldOutSeed } from '@hybridcam/scenes';

/** Of every hundred scenes of the main training set; two objects share the label, a scene without one has the uniform label. */
const mainMix = (i) => {
  const slot = i % 100;
  if (slot < 80) return { kind: 'single' };
  if (slot < 94) return { kind: 'two-objects' };
  return { kind: 'null' };
};

/** Which scenes each network sees. Seeds of different uses never meet, and training seeds lie below `heldOutSeed`. */
export const plans = {
  main: { firstSeed: 0, count: 50_000, options: mainMix },
  confounded: {
    firstSeed: 100_000_000,
    count: 12_000,
    options: () => ({ kind: 'clever-hans', variant: 'confounded' }),
  },
  balanced: {
    firstSeed: 200_000_000,
    count: 32_000,
    options: () => ({ kind: 'clever-hans', variant: 'balanced' }),
  },
  /** For reference_logits.py. */
  oracle: { firstSeed: heldOutSeed + 900_000, count: 20, options: () => ({ kind: 'single' }) },
  validation: { firstSeed: 300_000_000, count: 2_000, options: () => ({ kind: 'single' }) },
};
