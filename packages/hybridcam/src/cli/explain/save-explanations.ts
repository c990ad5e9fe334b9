import { join } from 'node:path';
import { encodeNpy, type OverlayOptions } from '@hybridcam/viz';
import type { ImageExplanation } from '../../image-explanation.ts';
import { writeWholeFile } from '../../write-whole-file.ts';
import { type OutputKind, type OutputNames, safePart } from '../output-names.ts';
import type { ExplainPlan } from './explain-plan.ts';
import { methodParts } from './method-calls.ts';
import type { PlannedRequest } from './plan-requests.ts';

/** Paths of what was written for one explanation, by kind. */
export type WrittenFiles = ReadonlyMap<OutputKind, string>;

/**
 * Writes what `--save` asks for of all explanations of one image. Saliency maps are computed only here, only if wanted.
 * @param image the image's part of file names
 * @throws CamError `IO` naming the path and the system's reason
 */
export async function saveExplanations(
  explanations: readonly ImageExplanation[],
  requests: readonly PlannedRequest[],
  image: string,
  names: OutputNames,
  plan: Pick<ExplainPlan, 'save' | 'out' | 'colormap' | 'opacity'>,
): Promise<WrittenFiles[]> {
  const saved: WrittenFiles[] = [];
  for (const [position, explanation] of explanations.entries()) {
    const { layerPart, method, namesClass, targetPart } = requests[position]!;
    const base = names.explanation({
      image,
      layer: layerPart,
      classIndex: namesClass ? explanation.classIndex : undefined,
      method: [
        method.name,
        ...methodParts(method),
        ...(targetPart === undefined ? [] : [safePart(targetPart, 'target')]),
      ].join('.'),
      alpha: method.alpha,
    });
    saved.push(await saveExplanation(explanation, base, plan));
  }
  return saved;
}

/** As `BASE.KIND` in the output folder. */
async function saveExplanation(
  explanation: ImageExplanation,
  base: string,
  plan: Pick<ExplainPlan, 'save' | 'out' | 'colormap' | 'opacity'>,
): Promise<WrittenFiles> {
  const written = new Map<OutputKind, string>();
  const write = async (kind: OutputKind, bytes: Uint8Array | string): Promise<void> => {
    const path = join(plan.out, `${base}.${kind}`);
    await writeWholeFile(path, bytes);
    written.set(kind, path);
  };
  const { save } = plan;
  const drawing = drawingOptions(plan);
  if (save.has('overlay')) await write('overlay.png', explanation.overlay(drawing).toPng());
  if (save.has('heatmap')) await write('heatmap.png', explanation.heatmap(colorsOf(plan)).toPng());
  if (save.has('cam')) await write('cam.npy', encodeNpy(explanation.cam));
  if (save.has('saliency')) await write('saliency.npy', encodeNpy(explanation.saliencyMap));
  if (save.has('record')) await write('record.json', `${readableJson(explanation.record)}\n`);
  return written;
}

/** The flags about drawing, without those not given: then the library's own defaults hold. */
export function drawingOptions(plan: Pick<ExplainPlan, 'colormap' | 'opacity'>): OverlayOptions {
  return { ...colorsOf(plan), ...(plan.opacity === undefined ? {} : { opacity: plan.opacity }) };
}

function colorsOf({ colormap }: Pick<ExplainPlan, 'colormap'>): Pick<OverlayOptions, 'colormap'> {
  return colormap === undefined ? {} : { colormap };
}

/** JSON for people: indented, but lists of numbers on one line. */
function readableJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return text.replace(/\[\s+(-?[\d.e+-]+(?:,\s+-?[\d.e+-]+)*)\s+\]/g, (_, items: string) => {
    return `[${items.replace(/\s+/g, ' ')}]`;
  });
}
