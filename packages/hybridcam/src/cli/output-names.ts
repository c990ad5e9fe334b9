import { posix, win32 } from 'node:path';
import { romanizeAll } from '@hybridcam/viz';

/** What a file holds; the last part of its name. */
export type OutputKind = 'overlay.png' | 'heatmap.png' | 'cam.npy' | 'saliency.npy' | 'record.json';

export interface ExplanationName {
  /** Name of the image as `OutputNames.image` gave it. */
  readonly image: string;
  /** Given only when several layers were asked for. */
  readonly layer?: string | undefined;
  /** Given only when several classes were asked for. */
  readonly classIndex?: number | undefined;
  /** With what was set of it. */
  readonly method: string;
  /** Only for methods that have one. */
  readonly alpha?: number | undefined;
}

/** File names of one run: flat, portable, and no two alike. */
export interface OutputNames {
  /** The NAME of an image file: its name without folder and extension; a second image of that name gets `-2`. */
  image(path: string): string;
  /** `NAME[.LAYER][.cINDEX].METHOD[.aALPHA]`, to which `.KIND` is added. Ask once per explanation. */
  explanation(parts: ExplanationName): string;
}

/** Starts a run without names taken. Names that differ only in case clash too: some file systems see no difference. */
export function createOutputNames(): OutputNames {
  const images = uniqueNames();
  const explanations = uniqueNames();
  const layers = new Map<string, string>();
  const layerNames = uniqueNames();
  const layerPart = (layer: string): string => {
    const known = layers.get(layer);
    if (known !== undefined) return known;
    const part = layerNames(safePart(layer, 'layer'));
    layers.set(layer, part);
    return part;
  };
  return {
    image: (path) => images(safePart(stem(path), 'image')),
    explanation: ({ image, layer, classIndex, method, alpha }) => {
      const parts = [image];
      if (layer !== undefined) parts.push(layerPart(layer));
      if (classIndex !== undefined) parts.push(`c${classIndex}`);
      parts.push(method);
      if (alpha !== undefined) parts.push(alphaPart(alpha));
      // An image may be called `cat.c281`: parts without a clash do not rule out that their joins clash.
      return explanations(parts.join('.'));
    },
  };
}

/** `a0.7`, `a1`: the shortest form that reads back as the same number. */
export function alphaPart(alpha: number): string {
  return `a${alpha}`;
}

/**
 * `text` reduced to `[A-Za-z0-9._-]`, safe as part of a file name everywhere: scripts that have letters are romanised, accents
 * dropped, runs of anything else one `_`, no leading dot or dash, at most 100 characters.
 *
 * @example safePart('Café №1', 'image') // 'Cafe_No1'
 * @example safePart('猫 кошка', 'image') // 'koshka'
 */
export function safePart(text: string, whenEmpty: string): string {
  const part = romanizeAll(text)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/^[^A-Za-z0-9_]+|[^A-Za-z0-9_-]+$/g, '')
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .slice(0, 100);
  if (part === '') return whenEmpty;
  // Device names of Windows, with or without an extension.
  return /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(part) ? `_${part}` : part;
}

function stem(path: string): string {
  const name = win32.basename(posix.basename(path));
  const extension = name.lastIndexOf('.');
  return extension > 0 ? name.slice(0, extension) : name;
}

function uniqueNames(): (wanted: string) => string {
  const taken = new Set<string>();
  return (wanted) => {
    let name = wanted;
    for (let count = 2; taken.has(name.toLowerCase()); count++) name = `${wanted}-${count}`;
    taken.add(name.toLowerCase());
    return name;
  };
}
