/** Where files go that came together. */
export interface Routed {
  readonly picture: File | undefined;
  /** A model with what belongs to it; empty: the network stays. */
  readonly model: readonly File[];
  /** What the visitor should know: what was left out, and why. */
  readonly note: string | undefined;
}

/**
 * Sorts dropped, pasted or chosen files by what they are: pictures, and everything else, which is a model's.
 * @param ownModel files of the visitor's model that is open: labels that come alone belong to it
 */
export function routeFiles(files: readonly File[], ownModel: readonly File[] | undefined): Routed {
  const pictures = files.filter(isPicture);
  const others = files.filter((file) => !isPicture(file));
  const picture = pictures[0];
  const more =
    pictures.length > 1
      ? `${pictures.length} pictures came at once; ${picture!.name} is shown. One is explained at a time.`
      : undefined;
  // A model.json without its weights is refused by who opens it, which says what is missing.
  if (others.length === 0 || !others.every(isLabels) || others.some(isModelJson))
    return { picture, model: others, note: more };
  if (ownModel) {
    const model = [...ownModel.filter((file) => !isLabels(file) || isTopology(file, ownModel)), ...others];
    return { picture, model, note: more };
  }
  // Any other .json may be a model's, too, under a name of its own.
  if (others.some(({ name }) => /\.json$/i.test(name))) return { picture, model: others, note: more };
  const note = `${others.map(({ name }) => name).join(', ')} holds names of classes, and the network that runs has its own. Drop it together with the model that it belongs to.`;
  return { picture, model: [], note: more ? `${more} ${note}` : note };
}

function isPicture({ type, name }: File): boolean {
  return /^image\//.test(type) || /\.(jpe?g|png|webp)$/i.test(name);
}

function isLabels({ name }: File): boolean {
  return /\.(txt|json)$/i.test(name);
}

/** As TensorFlow.js calls it. */
function isModelJson({ name }: File): boolean {
  return /^model\.json$/i.test(name);
}

/** Whether a .json is the model itself: it has weights beside it, which are no ONNX file's, and is the only one or called so. */
function isTopology(file: File, all: readonly File[]): boolean {
  const has = (ending: RegExp) => all.some(({ name }) => ending.test(name));
  const jsons = all.filter(({ name }) => /\.json$/i.test(name));
  return (
    jsons.includes(file) && has(/\.bin$/i) && !has(/\.onnx$/i) && (jsons.length === 1 || isModelJson(file))
  );
}
