// What a method's page and the index say about it that the code knows: generated, so that neither can say what the code does not.
import { forwardCount, methods } from '@hybridcam/core';
import { furtherMethods } from './further-methods.mjs';

/** A network of the usual size, to say costs for: 224×224 pixels, layers of 576×14×14 and 1280×7×7. */
function usualNetwork(gradient) {
  const layer = (name, shape, stride) => ({
    name,
    aliases: [],
    shape,
    stride,
    gradient,
    blockedBy: undefined,
  });
  const layers = [layer('early', [576, 14, 14], 16), layer('last', [1280, 7, 7], 32)];
  return {
    layers,
    defaultLayer: 'last',
    resolveLayer: (name) => layers.find((candidate) => candidate.name === name),
    input: { name: 'input', channels: 3, height: 224, width: 224, batch: undefined },
  };
}

const needTexts = {
  activations: 'the activations of a layer; no gradient, no class',
  gradients: 'the gradient of the target at a layer (free behind a closed-form head)',
  head: 'global average pooling + linear behind the layer',
  forwards: 'nothing but running the model',
  blocks:
    'a vision transformer of pre-norm blocks whose attention matrices are tensors of an ONNX file, differentiable from each on',
  attention:
    'a vision transformer whose attention matrices are tensors of an ONNX file; no gradient, no class',
  shares:
    'the gradients of the input and of every bias of the network: an ONNX file, differentiable throughout',
};

function needText(name) {
  const { needs, elsewhere } = methods[name];
  const own =
    needs === 'forwards' && methods[name].layers > 0
      ? 'the activations of a layer, and running the model'
      : needTexts[needs];
  return elsewhere === 'tail' ? `${own}; elsewhere a run of the rest of the network per channel` : own;
}

function costText(name) {
  const { needs, forwards, elsewhere } = methods[name];
  // What needs a linear head is refused without one, so its cost is that with the head.
  if (needs === 'head' && elsewhere === undefined) return '1 pass';
  if (needs === 'attention') return '1 pass';
  if (needs === 'blocks') return '1 pass and 1 backward pass, in each block up to its attention';
  if (needs === 'shares') return '1 pass and 1 backward pass through the whole network';
  const count = forwardCount(usualNetwork('varying'), { method: name });
  if (elsewhere === 'tail') {
    return `1 pass with that head; elsewhere 1 and ${(count - 1).toLocaleString('en')} runs of the rest of the network (1280 channels)`;
  }
  if (forwards === 'many') {
    const backward = needs === 'gradients' ? ', each with a backward pass' : '';
    const at =
      methods[name].layers > 0 && needs === 'forwards'
        ? ' (1280 channels)'
        : needs === 'forwards'
          ? ' (224×224 pixels)'
          : '';
    return `${count.toLocaleString('en')} passes${at}${backward}`;
  }
  return needs === 'gradients' ? '1 pass and at most 1 backward pass' : '1 pass';
}

const layerTexts = ['none', 'one', 'two: Grad-CAM’s and a finer one of LayerCAM'];
function layersText({ layers, needs }) {
  if (layers > 0) return layerTexts[layers];
  return needs === 'forwards' ? 'none: sees the model from outside' : 'none: looks at the whole network';
}

const unitTexts = {
  score: 'that of the score (logits for a logit)',
  relative: 'none: compare maps after normalisation',
};

function settingsText(settings) {
  const texts = Object.entries(settings).map(([key, value]) => `\`${key}\` ${value ?? '(automatic)'}`);
  return texts.length === 0 ? 'none' : texts.join(', ');
}

const percent = (share) => `${(100 * share).toFixed(1)} %`;

function measuredText(own, measured) {
  const { n, onObject, onOthersOfTwo, worst, settings, target } = own;
  const set = settings ? `, with ${settingsText(settings)}` : '';
  const of = target ? `, for the target \`${target}\`` : '';
  const earlier = onObject.length > 1 ? ` (${percent(onObject[1])} at \`${measured.earlierLayer}\`)` : '';
  return (
    `${percent(onObject[0])} of the map on the object${earlier}, mean of ${n} held-out scenes${set}${of}; random map ` +
    `${percent(measured.controls.random)}, centred Gaussian ${percent(measured.controls.centred)}. With two objects, asked for the ` +
    `weaker: ${percent(onOthersOfTwo[0])} on other things, at worst ${percent(worst.onOthers)} (seed ${worst.seed})`
  );
}

/** The table of a method's page. */
export function factsTable(name, measured) {
  const { variants, settings, unit, eigenSmoothing, paper } = methods[name];
  const own = measured.methods[name];
  const rows = [
    ['Paper', paper],
    ['Needs', needText(name)],
    ['Cost', costText(name)],
    ['Layers', layersText(methods[name])],
    ['Unit of the raw map', unitTexts[unit]],
    ['Variants', variantTexts(variants)],
    ['Settings', settingsText(settings)],
    ['Eigen smoothing', eigenSmoothing ? 'yes' : 'no'],
    ...(own ? [['Measured', measuredText(own, measured)]] : []),
  ];
  return table(rows);
}

const table = (rows) =>
  ['| | |', '|---|---|', ...rows.map(([title, text]) => `| ${title} | ${text} |`)].join('\n');

const variantTexts = (variants) =>
  variants.map((variant, i) => `\`${variant}\`${i === 0 ? ' (default)' : ''}`).join(', ');

/** The table of the page of what `explain` does not offer by name. */
export function furtherFactsTable(name, measured) {
  const { paper, offered, needs, cost, unit, variants } = furtherMethods[name];
  const own = measured.further[name];
  return table([
    ['Paper', paper],
    ['Offered as', offered],
    ['Needs', needs],
    ['Cost', cost],
    ['Unit of the raw map', unit],
    ...(variants.length > 0 ? [['Variants', variantTexts(variants)]] : []),
    ...(own ? [['Measured', measuredText(own, measured)]] : []),
  ]);
}

/** A convolutional network shows nothing of the methods of transformers. */
const sharesText = (own) =>
  (own ? [own.onObject[0], own.onOthersOfTwo[0]].map(percent) : ['–', '–']).join(' | ');

/** The index's table of what `explain` does not offer by name. */
export function furtherTable(measured) {
  const rows = Object.entries(furtherMethods).map(([name, { title, offered, needs, cost }]) => {
    const shares = sharesText(measured.further[name]);
    return `| [${title}](${name}.md) | ${offered} | ${needs} | ${cost} | ${shares} |`;
  });
  return [
    'Without a name of `--method`:',
    '',
    '| method | offered as | needs | cost | on the object | on others |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

/** The capability table of the index. */
export function capabilityTable(measured) {
  const rows = Object.entries(methods).map(([name, { title, variants }]) => {
    const others = variants.slice(1).map((variant) => `\`${variant}\``);
    const shares = sharesText(measured.methods[name]);
    return `| [${title}](${name}.md) | \`${name}\` | ${needText(name)} | ${costText(name)} | ${others.join(', ') || '–'} | ${shares} |`;
  });
  return [
    '| method | `--method` | needs | cost | variants beside `paper` | on the object | on others |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

/** `text` with what lies between the marks of a generated block replaced. */
export function withBlock(text, block, file) {
  const [start, end] = ['<!-- generated by tooling/methods/write-facts.mjs -->', '<!-- end of generated -->'];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${file}: expected the marks of a generated block; found none.`);
  return `${text.slice(0, from + start.length)}\n\n${block}\n\n${text.slice(to)}`;
}
