import { assertAlpha, assertOneOf } from '../check-options.ts';
import { OptionError, UnsupportedError } from '../errors.ts';
import { defaultAlpha } from './hybrid-cam.ts';
import { type MethodEntry, type MethodName, methodNames, methodTable } from './method-table.ts';
import { refusedMethods } from './refused-methods.ts';

/** A method with its options. A name alone means its defaults. */
export interface MethodCall {
  readonly name: MethodName;
  /** Of the hybrids only. Default 0.7. */
  readonly alpha?: number;
  /** Whose numbers, for methods that peers compute differently. Default `paper`. */
  readonly variant?: string;
  /** Numbers of the method's own, for example `{ masks: 1000, seed: 1 }` of `rise`: `methods.rise.settings` has them with their defaults. */
  readonly settings?: Readonly<Record<string, number>>;
}

/**
 * Hybrid Grad-LayerCAM of one layer, for `explain`.
 * @throws OptionError for an alpha outside [0, 1]
 * @example hybrid({ alpha: 0.7 })
 */
export function hybrid({ alpha = defaultAlpha }: { readonly alpha?: number } = {}): MethodCall {
  assertAlpha('hybrid', alpha);
  return { name: 'hybrid', alpha };
}

/**
 * Grad-CAM of one layer times LayerCAM of a finer one, for `explain`.
 * @throws OptionError for an alpha outside [0, 1]
 * @example crossLayerHybrid({ alpha: 0.7 })
 */
export function crossLayerHybrid({ alpha = defaultAlpha }: { readonly alpha?: number } = {}): MethodCall {
  assertAlpha('crossLayerHybrid', alpha);
  return { name: 'cross-layer-hybrid', alpha };
}

/** A method with every option decided. */
export interface ResolvedMethod {
  readonly name: MethodName;
  readonly alpha: number | undefined;
  readonly variant: string;
  /** With the defaults filled in. */
  readonly settings: Readonly<Record<string, number | undefined>>;
  /** Its row of the table. */
  readonly facts: MethodEntry;
}

/** @throws OptionError for an unknown name, or an option that the method does not have */
export function resolveMethod(
  where: string,
  method: MethodName | MethodCall,
  presetVariant: string,
): ResolvedMethod {
  const call: MethodCall = typeof method === 'string' ? { name: method } : method;
  const { name, alpha, variant, settings = {} } = call;
  if (refusedMethods.has(name)) {
    throw new UnsupportedError(`${where}: expected another method than ${name}: ${refusedMethods.get(name)}`);
  }
  assertOneOf(where, 'method', name, methodNames);
  const facts = methodTable[name];
  const { variants, mixes, settings: defaults = {} } = facts;
  if (variant !== undefined) assertOneOf(where, `variant of ${name}`, variant, variants);
  if (alpha !== undefined && !mixes) {
    throw new OptionError(
      `${where}: expected no alpha for ${name}; received ${alpha}. Only the hybrids mix.`,
    );
  }
  for (const [setting, value] of Object.entries(settings)) {
    assertOneOf(where, `setting of ${name}`, setting, Object.keys(defaults));
    assertSetting(where, setting, value);
  }
  const fallback = variants.includes(presetVariant) ? presetVariant : variants[0]!;
  const mix = mixes ? (alpha ?? defaultAlpha) : undefined;
  if (mix !== undefined) assertAlpha(where, mix);
  return { name, alpha: mix, variant: variant ?? fallback, settings: { ...defaults, ...settings }, facts };
}

/** More runs of a model than this are a slip of the keyboard: at a millisecond each a quarter of an hour. */
const mostRuns = 1_000_000;

/** What a setting may be: held against it before the model runs and before its cost is said. Counts, where nothing stands here. */
const settingRules: Readonly<
  Record<string, { readonly rule: string; readonly holds: (value: number) => boolean }>
> = {
  masks: integerRule(1, mostRuns),
  draws: integerRule(1, mostRuns),
  points: integerRule(1, mostRuns),
  cells: integerRule(1, 1000),
  seed: integerRule(0, Number.MAX_SAFE_INTEGER),
  noise: { rule: 'a number ≥ 0', holds: (value) => Number.isFinite(value) && value >= 0 },
  visible: { rule: 'a number above 0 and at most 1', holds: (value) => value > 0 && value <= 1 },
  baseline: { rule: 'a finite number', holds: Number.isFinite },
};

function integerRule(least: number, most: number) {
  return {
    rule: `an integer from ${least} to ${most}`,
    holds: (value: number) => Number.isInteger(value) && value >= least && value <= most,
  };
}

function assertSetting(where: string, name: string, value: number): void {
  const { rule, holds } = settingRules[name] ?? integerRule(1, Number.MAX_SAFE_INTEGER);
  if (!holds(value)) throw new OptionError(`${where}: expected ${name} ${rule}; received ${value}.`);
}
