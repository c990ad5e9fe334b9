import type { MethodCall } from '@hybridcam/core';
import { inferno, type RgbaImage, type Scale } from '@hybridcam/viz';
import { drawnClassName } from '../../drawn-class-name.ts';
import type { ImageExplanation } from '../../image-explanation.ts';
import { sharedScale } from '../../map-scale.ts';
import { photographSizes } from '../../photograph-sizes.ts';
import { distinctPaths } from './distinct-paths.ts';
import type { ExplainPlan } from './explain-plan.ts';
import { type FinishedSheet, layOutSheets, sheetCellSize } from './lay-out-sheets.ts';
import { methodParts } from './method-calls.ts';
import type { PlannedRequest } from './plan-requests.ts';
import { drawingOptions } from './save-explanations.ts';

/** A sheet is for looking at: what does not fit one is in the single files. */
const MAX_SUBJECTS = 48;

/** One picture explained for one class. */
export interface Subject {
  /** In the collector the path as given; on the sheet what tells it from the others. */
  readonly file: string;
  /** Class and probability. */
  readonly answer: string;
  readonly photograph: RgbaImage;
  /** By variant key. */
  readonly cells: Map<string, { readonly overlay: RgbaImage; readonly inAlphaRow: RgbaImage }>;
}

/** One way of explaining. */
export interface Variant {
  readonly key: string;
  readonly method: MethodCall;
  /** Only when several layers were asked for. */
  readonly layer: string | undefined;
}

/** Gathers small copies while images pass by; `finish` lays them out. */
export interface SheetCollector {
  add(file: string, explanation: ImageExplanation, planned: PlannedRequest): void;
  finish(): FinishedSheet[];
}

/** For a run with these requests per image. */
export function createSheetCollector(
  plan: Pick<ExplainPlan, 'preset' | 'colormap' | 'opacity'>,
  labels: readonly string[] | undefined,
): SheetCollector {
  const subjects = new Map<string, Subject>();
  const variants = new Map<string, Variant>();
  const leftOut = new Set<string>();
  const isNotebook = plan.preset === 'notebook';
  let legend: Scale | undefined;
  return {
    add(file, explanation, { method, layerPart: layer }) {
      const subjectKey = `${explanation.classIndex} ${file}`;
      let subject = subjects.get(subjectKey);
      if (subject === undefined) {
        if (subjects.size === MAX_SUBJECTS) {
          leftOut.add(subjectKey);
          return;
        }
        subject = {
          file,
          answer: answerOf(explanation, labels),
          photograph: isNotebook ? explanation.seen : photographSizes(explanation.image)(sheetCellSize),
          cells: new Map(),
        };
        subjects.set(subjectKey, subject);
      }
      // The notebook's figure has none, and its exact copy neither.
      if (!isNotebook) legend ??= sharedScale(plan.colormap ?? inferno, explanation.record.normalize.kind);
      const key = [layer, method.name, ...methodParts(method), method.alpha].join('\n');
      variants.set(key, { key, method, layer });
      const { data, width, height } = explanation.overlay({
        ...drawingOptions(plan),
        maxSide: sheetCellSize,
      });
      const overlay = { data, width, height };
      // The notebook's row of alphas shows bare maps, each from its own smallest to its own largest value.
      const inAlphaRow = isNotebook
        ? explanation.heatmap({ at: 'input', ...(plan.colormap && { colormap: plan.colormap }) })
        : overlay;
      subject.cells.set(key, { overlay, inAlphaRow });
    },
    finish: () => {
      const all = [...subjects.values()];
      const files = distinctPaths(all.map(({ file }) => file));
      const named = all.map((subject, i) => ({ ...subject, file: files[i]! }));
      return layOutSheets(named, [...variants.values()], leftOut.size, legend);
    },
  };
}

function answerOf({ scores, classIndex }: ImageExplanation, labels: readonly string[] | undefined): string {
  if (classIndex === undefined) return '';
  return `${drawnClassName(labels, classIndex)} ${(100 * scores.probabilities.get(classIndex)).toFixed(1)}\u00a0%`;
}
