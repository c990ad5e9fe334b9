import type { MethodName } from '@hybridcam/core';
import type { Preprocessing } from '@hybridcam/image';

export interface SnippetFacts {
  readonly modelFile: string;
  readonly isScenes: boolean;
  readonly imageFile: string;
  readonly preprocessing: Preprocessing;
  readonly method: MethodName;
  readonly alpha: number;
  readonly targetLayer: readonly string[];
  readonly classIndex: number;
  readonly against: number | undefined;
}

/** The explanation on screen as a program for Node with our packages. */
export function codeSnippet(facts: SnippetFacts): string {
  const { method, alpha, targetLayer, classIndex, against } = facts;
  const isHybrid = method === 'hybrid' || method === 'cross-layer-hybrid';
  const call = method === 'hybrid' ? 'hybrid' : 'crossLayerHybrid';
  const core = ['explain', ...(isHybrid ? [call] : []), ...(against === undefined ? [] : ['margin'])].sort();
  const bytes = facts.isScenes ? 'await scenesOnnxModel()' : `await readFile(${quote(facts.modelFile)})`;
  const layer = targetLayer.length === 1 ? quote(targetLayer[0]!) : `[${targetLayer.map(quote).join(', ')}]`;
  return [
    ...(facts.isScenes ? [] : [`import { readFile } from 'node:fs/promises';`]),
    `import { ${core.join(', ')} } from '@hybridcam/core';`,
    `import { preprocess } from '@hybridcam/image';`,
    `import { decode } from '@hybridcam/image/node';`,
    `import { createOnnxModel } from '@hybridcam/onnx';`,
    ...(facts.isScenes ? [`import { scenesOnnxModel } from '@hybridcam/zoo/onnx';`] : []),
    `import * as ort from 'onnxruntime-node';`,
    '',
    `const model = await createOnnxModel(${bytes}, { ort, name: ${quote(facts.modelFile)} });`,
    `const { input } = preprocess(await decode(${quote(facts.imageFile)}), ${JSON.stringify(facts.preprocessing)});`,
    'const { saliencyMap, scores, record } = await explain(model, input, {',
    `  method: ${isHybrid ? `${call}({ alpha: ${alpha} })` : quote(method)},`,
    `  targetLayer: ${layer},`,
    against === undefined ? `  classIndex: ${classIndex},` : `  target: margin(${classIndex}, ${against}),`,
    '});',
    '',
  ].join('\n');
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
}
