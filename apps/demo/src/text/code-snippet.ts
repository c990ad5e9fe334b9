import type { MethodName } from '@hybridcam/core';
import type { Preprocessing } from '@hybridcam/image';
import { methodFacts } from '../facts/method-facts.ts';

export interface SnippetFacts {
  readonly source: ModelSource;
  /** A file's name, or that of a named network. */
  readonly model: string;
  readonly imageFile: string;
  readonly preprocessing: Preprocessing;
  readonly method: MethodName;
  readonly alpha: number;
  readonly targetLayer: readonly string[];
  readonly classIndex: number;
  readonly against: number | undefined;
}

/** Where a program gets the model from. */
export type ModelSource = 'scenes' | 'named' | 'onnx' | 'tfjs';

/** The explanation on screen as a program for Node with our packages. */
export function codeSnippet(facts: SnippetFacts): string {
  const { method, alpha, targetLayer, classIndex, against } = facts;
  const isHybrid = method === 'hybrid' || method === 'cross-layer-hybrid';
  const call = method === 'hybrid' ? 'hybrid' : 'crossLayerHybrid';
  // Some methods of many passes explain a probability by themselves; the page explains logits throughout.
  const target =
    against !== undefined ? 'margin' : methodFacts[method].forwards === 'many' ? 'logit' : undefined;
  const core = ['explain', ...(isHybrid ? [call] : []), ...(target ? [target] : [])].sort();
  const { imports, lines } = openModel(facts);
  return [
    ...imports.filter((line) => line.includes("'node:")),
    `import { ${core.join(', ')} } from '@hybridcam/core';`,
    `import { preprocess } from '@hybridcam/image';`,
    `import { decode } from '@hybridcam/image/node';`,
    ...imports.filter((line) => !line.includes("'node:")),
    '',
    ...lines,
    `const { input } = preprocess(await decode(${quote(facts.imageFile)}), ${JSON.stringify(facts.preprocessing)});`,
    'const { saliencyMap, scores, record } = await explain(model, input, {',
    `  method: ${isHybrid ? `${call}({ alpha: ${alpha} })` : quote(method)},`,
    ...(targetLayer.length === 0 ? [] : [`  targetLayer: ${layers(targetLayer)},`]),
    ...(target === 'margin'
      ? [`  target: margin(${classIndex}, ${against}),`]
      : target === 'logit'
        ? [`  target: logit(${classIndex}),`]
        : [`  classIndex: ${classIndex},`]),
    '});',
    '',
  ].join('\n');
}

function openModel({ source, model }: SnippetFacts): { imports: string[]; lines: string[] } {
  const onnx = (bytes: string) =>
    `const model = await createOnnxModel(${bytes}, { ort, name: ${quote(model)} });`;
  const onnxImports = [
    `import { createOnnxModel } from '@hybridcam/onnx';`,
    `import * as ort from 'onnxruntime-node';`,
  ];
  switch (source) {
    case 'scenes':
      return {
        imports: [...onnxImports, `import { scenesOnnxModel } from '@hybridcam/zoo/onnx';`],
        lines: [onnx('await scenesOnnxModel()')],
      };
    case 'named':
      return {
        imports: [
          ...onnxImports,
          `import { loadCheckpoint } from '@hybridcam/zoo/node';`,
          `import { buildOnnx } from '@hybridcam/zoo/onnx';`,
        ],
        lines: [
          `const { parameters } = await loadCheckpoint(${quote(model)});`,
          onnx(`buildOnnx(${quote(model)}, parameters)`),
        ],
      };
    case 'onnx':
      return {
        imports: [`import { readFile } from 'node:fs/promises';`, ...onnxImports],
        lines: [onnx(`await readFile(${quote(model)})`)],
      };
    case 'tfjs':
      return {
        imports: [
          `import '@tensorflow/tfjs-backend-cpu';`,
          `import { loadTfjsModelFile } from '@hybridcam/tfjs/node';`,
        ],
        lines: [`const model = await loadTfjsModelFile(${quote(model)});`],
      };
  }
}

function layers(names: readonly string[]): string {
  return names.length === 1 ? quote(names[0]!) : `[${names.map(quote).join(', ')}]`;
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
}
