import type { MethodName } from '@hybridcam/core';
import type { Preprocessing } from '@hybridcam/image';
import type { SceneOptions } from '@hybridcam/scenes';
import { methodFacts } from '../facts/method-facts.ts';

export interface SnippetFacts {
  readonly source: ModelSource;
  /** A file's name, or that of a named network. */
  readonly model: string;
  readonly picture: SnippetPicture;
  readonly preprocessing: Preprocessing;
  readonly method: MethodName;
  readonly alpha: number;
  readonly targetLayer: readonly string[];
  readonly classIndex: number;
  readonly against: number | undefined;
}

/** Where a program gets the picture from: a drawn scene is drawn again, a file is the visitor's own. */
export type SnippetPicture = { readonly scene: SceneOptions } | { readonly file: string };

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
  const model = openModel(facts);
  const picture = openPicture(facts.picture);
  const imports = [
    `import { ${core.join(', ')} } from '@hybridcam/core';`,
    `import { preprocess } from '@hybridcam/image';`,
    picture.import,
    ...model.imports,
  ];
  const isNode = (line: string) => line.includes("'node:");
  return [
    ...imports.filter(isNode),
    ...imports.filter((line) => !isNode(line)),
    '',
    ...model.lines,
    ...picture.lines,
    `const { input } = preprocess(image, ${JSON.stringify(facts.preprocessing)});`,
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

function openPicture(picture: SnippetPicture): { import: string; lines: string[] } {
  if ('scene' in picture) {
    return {
      import: `import { generateScene } from '@hybridcam/scenes';`,
      lines: [`const { image } = generateScene(${JSON.stringify(picture.scene)});`],
    };
  }
  return {
    import: `import { decode } from '@hybridcam/image/node';`,
    lines: [
      '// Your picture: the page keeps no copy of it.',
      `const image = await decode(${quote(picture.file)});`,
    ],
  };
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
