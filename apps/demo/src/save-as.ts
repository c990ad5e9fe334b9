import { version } from '@hybridcam/core';
import type { Client } from './client.ts';
import { methodFacts } from './facts/method-facts.ts';
import { readyMap } from './maps.ts';
import type { ModelFacts, SaveParams } from './protocol.ts';
import { sampleOptions, seedOptions } from './scene-options.ts';
import { sheetMaps } from './sheet-maps.ts';
import { isZooName, seedOf, toHash } from './state.ts';
import { codeSnippet, type ModelSource, type SnippetPicture } from './text/code-snippet.ts';
import { className } from './text/format.ts';
import type { SaveKind, View } from './view.ts';

/** Makes what was asked for and hands it over as a download or on the clipboard. @returns what happened, for the page to say */
export async function saveAs(
  kind: SaveKind,
  view: View,
  client: Client,
  saliency: () => Float32Array | undefined,
): Promise<string> {
  const map = saliency();
  if (!map || !view.evidence || !view.picture || !view.model) return 'There is no map to save yet.';
  const name = fileName(view);
  const { colormap, opacity, contour } = view.state;
  const drawing = { colormap, opacity, contour };
  switch (kind) {
    case 'overlay':
      return download(await client.call('save', { kind, map, drawing, title: title(view) }), `${name}.png`);
    case 'sheet':
      return download(
        await client.call('save', {
          kind,
          maps: sheetMaps(view),
          drawing,
          title: title(view),
        } satisfies SaveParams),
        `${name}-sheet.png`,
      );
    case 'npy':
      return download(await client.call('save', { kind, map }), `${name}.npy`);
    case 'record': {
      const text = `${JSON.stringify(record(view), null, 2)}\n`;
      return download({ bytes: new TextEncoder().encode(text), type: 'application/json' }, `${name}.json`);
    }
    case 'link':
      return copy(`${location.href.split('#')[0]}#${toHash(view.state)}`, 'The link is on the clipboard.');
    case 'code':
      return copy(snippet(view), 'The program is on the clipboard.');
  }
}

/** Every choice made, as plain JSON; the same fields as a record of `explain`, and what the page adds. */
export function record(view: View): object {
  const { evidence, state, model, picture, labels, curves, localisation } = view;
  const { classIndex, against } = evidence!;
  const isHybrid = state.method === 'hybrid' || state.method === 'cross-layer-hybrid';
  const shown = readyMap(evidence!, state.method, state.alpha);
  return {
    versions: { '@hybridcam/core': version },
    model: {
      runtime: model!.runtime,
      name: model!.name,
      sha256: model!.sha256 ?? null,
      threads: model!.threads,
    },
    picture: { name: picture!.name, width: picture!.width, height: picture!.height },
    inputShape: [1, 3, picture!.geometry.input.height, picture!.geometry.input.width],
    preprocessing: model!.preprocessing,
    geometry: picture!.geometry,
    targetLayers: targetLayers(view),
    layerFusion: null,
    class: {
      index: classIndex,
      label: labels?.[classIndex] ?? null,
      score: evidence!.scores[classIndex]!,
      probability: evidence!.probabilities[classIndex]!,
    },
    target: {
      description: against === undefined ? `logit(${classIndex})` : `margin(${classIndex}, ${against})`,
      value: evidence!.targetValue,
      scoreKind: evidence!.scoreKind,
    },
    method: { name: state.method, variant: 'paper', alpha: isHybrid ? state.alpha : null },
    preset: null,
    normalize: { kind: 'max', epsilon: 0 },
    resize: {
      kind: 'bilinear',
      centres: 'half-pixel',
      fuseAt: state.method === 'cross-layer-hybrid' ? 'input' : state.method === 'hybrid' ? 'layer' : null,
      renormalizedAfter: false,
    },
    status: shown?.status ?? null,
    curves:
      curves.result?.curves.map(({ subject, curve }) => ({ subject, protocol: 'rise', ...curve })) ?? null,
    localisation: localisation ?? null,
    link: `#${toHash(state)}`,
  };
}

function snippet(view: View): string {
  const { state, evidence, model } = view;
  return codeSnippet({
    source: modelSource(model!),
    model: model!.name,
    picture: snippetPicture(view),
    preprocessing: model!.preprocessing,
    method: state.method,
    alpha: state.alpha,
    targetLayer: targetLayers(view),
    classIndex: evidence!.classIndex,
    against: evidence!.against,
  });
}

function snippetPicture({ state, picture }: View): SnippetPicture {
  const seed = seedOf(state.picture);
  const scene = seed === undefined ? sampleOptions(state.picture) : seedOptions(seed);
  if (scene) return { scene };
  const { name } = picture!;
  return { file: /\.\w+$/.test(name) ? name : `${name}.png` };
}

function modelSource({ kind, name, runtime }: ModelFacts): ModelSource {
  if (kind === 'scenes') return 'scenes';
  if (isZooName(name)) return 'named';
  return runtime.startsWith('tfjs') ? 'tfjs' : 'onnx';
}

/** Two of the cross-layer hybrid, none of a method that sees the network from outside. */
function targetLayers({ state, evidence }: View): readonly string[] {
  const count = methodFacts[state.method].layers;
  if (count === 0) return [];
  return count === 2 ? (evidence!.cross?.layers ?? []) : [evidence!.layer];
}

function title({ evidence, labels, state }: View): string {
  const alpha =
    state.method === 'hybrid' || state.method === 'cross-layer-hybrid' ? `, α = ${state.alpha}` : '';
  return `${className(labels, evidence!.classIndex)}: ${methodFacts[state.method].title}${alpha}`;
}

function fileName({ picture, evidence, labels, state }: View): string {
  const parts = [picture!.name.replace(/\.\w+$/, ''), className(labels, evidence!.classIndex), state.method];
  return parts
    .join('-')
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/-{2,}/g, '-')
    .slice(0, 80);
}

function download({ bytes, type }: { bytes: Uint8Array; type: string }, name: string): string {
  const url = URL.createObjectURL(new Blob([bytes as BlobPart], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  return `${name} was saved.`;
}

async function copy(text: string, done: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return done;
  } catch {
    throw new Error('The browser did not allow writing to the clipboard.');
  }
}
