import {
  defaultAlpha,
  didYouMean,
  type MethodCall,
  type MethodName,
  methodNames,
  methods,
  OptionError,
  refusedMethods,
} from '@hybridcam/core';
import { choiceValue, listValue, numberValue } from '../flag-values.ts';

/**
 * The methods of `--method NAME[:KEY=VALUE]…[,NAME…]`, the hybrids once per alpha of `--alpha`.
 * @throws OptionError for names, keys and values that cannot be meant
 */
export function methodCalls(methodText: string, alphaText: string | undefined): MethodCall[] {
  const calls = listValue('--method', methodText).map(methodCall);
  const mixes = ({ name }: MethodCall): boolean => name === 'hybrid' || name === 'cross-layer-hybrid';
  if (alphaText !== undefined && !calls.some(mixes)) {
    throw new OptionError(
      `--alpha: expected hybrid or cross-layer-hybrid among the methods; received --alpha ${alphaText} without, where it would do nothing.`,
    );
  }
  const alphas = listValue('--alpha', alphaText ?? String(defaultAlpha)).map((text) =>
    numberValue('--alpha', text, { min: 0, max: 1 }),
  );
  if (new Set(alphas).size < alphas.length) {
    throw new OptionError(`--alpha: expected each value once; received "${alphaText}".`);
  }
  return calls.flatMap((call) => (mixes(call) ? alphas.map((alpha) => ({ ...call, alpha })) : [call]));
}

function methodCall(text: string): MethodCall {
  const [typed = '', ...pairs] = text.split(':');
  const refusal = refusedMethods.get(typed);
  if (refusal !== undefined) {
    throw new OptionError(`--method: expected another method than ${typed}: ${refusal}`);
  }
  const name = choiceValue('--method', typed, methodNames);
  let variant: string | undefined;
  const settings: Record<string, number> = {};
  for (const pair of pairs) {
    const [key = '', value = '', ...rest] = pair.split('=');
    if (value === '' || rest.length > 0) {
      throw new OptionError(`--method: expected KEY=VALUE behind ${name}; received "${pair}".`);
    }
    if (key in settings || (key === 'variant' && variant !== undefined)) {
      throw new OptionError(`--method: expected ${key} of ${name} once; received "${text}".`);
    }
    if (key === 'variant') variant = choiceValue(`--method ${name}:variant`, value, methods[name].variants);
    else settings[settingKey(name, key)] = settingValue(name, key, value);
  }
  return {
    name,
    ...(variant !== undefined && { variant }),
    ...(Object.keys(settings).length > 0 && { settings }),
  };
}

function settingKey(name: MethodName, key: string): string {
  const keys = ['variant', ...Object.keys(methods[name].settings)];
  if (keys.includes(key)) return key;
  const hint = key === 'alpha' ? ' Alpha has a flag of its own, --alpha.' : didYouMean(key, keys);
  throw new OptionError(`--method: expected ${keys.join(', ')} of ${name}; received "${key}".${hint}`);
}

function settingValue(name: MethodName, key: string, value: string): number {
  // What the setting may be is the method's own rule, which the plan is held to.
  const any = { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY };
  return numberValue(`--method ${name}:${key}`, value, any);
}

/** What was set beside the name and alpha, as file names and titles hold it: `torchcam`, `channels-32`. */
export function methodParts({ variant, settings = {} }: MethodCall): string[] {
  return [
    ...(variant === undefined ? [] : [variant]),
    ...Object.entries(settings).map(([key, value]) => `${key}-${value}`),
  ];
}
