import {
  counterfactual,
  type FinerOptions,
  finer,
  logit,
  margin,
  OptionError,
  probability,
  rest,
  type Target,
} from '@hybridcam/core';
import { choiceValue, countValue, numberValue } from '../flag-values.ts';

export const targetNames = ['logit', 'probability', 'rest', 'finer', 'margin', 'counterfactual'] as const;

/** What of the class is explained, by the text of `--target`. */
export interface TargetChoice {
  /** As typed. */
  readonly text: string;
  /** The target for a class; `classOf` reads another class that the text names. */
  readonly make: (classIndex: number, classOf: (text: string) => number) => Target;
}

/**
 * Reads `logit`, `probability`, `rest`, `finer[:references=N][:strength=X][:variant=NAME]`, `margin:CLASS` and
 * `counterfactual[:TARGET]`.
 * @throws OptionError for anything else
 * @example parseTarget('finer:references=1').make(281, Number) // finer(281, { references: 1 })
 */
export function parseTarget(text: string): TargetChoice {
  return { text, make: maker(text) };
}

function maker(text: string): TargetChoice['make'] {
  const colon = text.indexOf(':');
  const name = choiceValue('--target', colon < 0 ? text : text.slice(0, colon), targetNames);
  const behind = colon < 0 ? undefined : text.slice(colon + 1);
  switch (name) {
    case 'finer': {
      const options = finerOptions(behind);
      return (classIndex) => finer(classIndex, options);
    }
    case 'margin':
      if (behind === undefined || behind === '') {
        throw new OptionError(
          '--target: expected the class to be told from behind margin, such as margin:285; received none.',
        );
      }
      return (classIndex, classOf) => margin(classIndex, classOf(behind));
    case 'counterfactual': {
      const inner = maker(behind ?? 'logit');
      return (classIndex, classOf) => counterfactual(inner(classIndex, classOf));
    }
    default:
      if (behind !== undefined) {
        throw new OptionError(`--target: expected nothing behind ${name}; received "${text}".`);
      }
      return { logit, probability, rest }[name];
  }
}

/** Held against the rules of `finer` at once, not when the first image has been read. */
function finerOptions(text: string | undefined): FinerOptions {
  const options: { references?: number; strength?: number; variant?: 'torchcam' | 'pytorch-grad-cam' } = {};
  for (const pair of text?.split(':') ?? []) {
    const [key = '', value = '', ...more] = pair.split('=');
    if (value === '' || more.length > 0) {
      throw new OptionError(`--target: expected KEY=VALUE behind finer; received "${pair}".`);
    }
    const known = choiceValue('--target finer', key, ['references', 'strength', 'variant']);
    if (known in options) {
      throw new OptionError(`--target: expected ${known} of finer once; received "${text}".`);
    }
    const flag = `--target finer:${known}`;
    if (known === 'references') options.references = countValue(flag, value);
    else if (known === 'strength') {
      options.strength = numberValue(flag, value, { min: 0, max: Number.POSITIVE_INFINITY });
    } else options.variant = choiceValue(flag, value, ['torchcam', 'pytorch-grad-cam']);
  }
  return options;
}
