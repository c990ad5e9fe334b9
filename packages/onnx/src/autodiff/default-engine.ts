import type { BackwardEngine } from '../backward.ts';
import { createEngine } from './engine.ts';

/** With the rules that fit where sessions run. Imported when it is needed: engine and rules are most of the package. */
export const defaultEngine: BackwardEngine = createEngine();
