/** Seeds from here on were never trained on; measure the carried network on scenes of these only. */
export const heldOutSeed = 1_000_000_000;
