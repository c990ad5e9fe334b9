import { ModelFormatError } from '@hybridcam/core';
import type { Network, Parameters } from './network.ts';
import { parameterShapes } from './parameter-shapes.ts';

/** Bookkeeping of PyTorch's BatchNorm that no forward pass reads. */
const IGNORED = /(^|\.)num_batches_tracked$/;
const SHOWN = 5;

/**
 * That a checkpoint holds exactly the network's parameters.
 * @throws ModelFormatError naming missing, unexpected and misshapen tensors
 */
export function checkParameters(network: Network, parameters: Parameters): void {
  const expected = parameterShapes(network);
  const missing = [...expected.keys()].filter((name) => !parameters.has(name));
  const unexpected = [...parameters.keys()].filter((name) => !expected.has(name) && !IGNORED.test(name));
  const misshapen = [...expected].flatMap(([name, shape]) => {
    const received = parameters.get(name)?.shape;
    return received && String(received) !== String(shape)
      ? [`${name} [${received}] instead of [${shape}]`]
      : [];
  });
  const problems = [
    describe('missing', missing),
    describe('unexpected', unexpected),
    describe('misshapen', misshapen),
  ].filter((problem) => problem !== undefined);
  if (problems.length === 0) return;
  throw new ModelFormatError(
    `${network.name}: expected the checkpoint of this network (${expected.size} tensors); received one with ${problems.join('; ')}. Check that the file belongs to the named model.`,
  );
}

function describe(kind: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const rest = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  return `${names.length} ${kind}: ${names.slice(0, SHOWN).join(', ')}${rest}`;
}
