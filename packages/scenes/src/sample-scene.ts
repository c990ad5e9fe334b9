import { OptionError } from '@hybridcam/core';
import { between, checkSize, integer } from './check-spec.ts';
import { distractorShapes } from './distractor-shapes.ts';
import { type Circle, fitCircle } from './fit-circle.ts';
import { markCenter, markSide } from './mark.ts';
import { objectShapes, sceneClasses } from './object-shapes.ts';
import { type Random, random } from './random.ts';
import { sampleBackground } from './sample-background.ts';
import { sampleFigure } from './sample-figure.ts';
import {
  type FigureSpec,
  type MarkSpec,
  type MarkVariant,
  markCorners,
  type SceneKind,
  type SceneSpec,
} from './scene-spec.ts';
import type { Shape } from './shape.ts';

export interface SceneOptions {
  /** A whole number; decides everything that the other options leave open. */
  readonly seed: number;
  /** Default `single`. */
  readonly kind?: SceneKind;
  /** Only with kind `clever-hans`, which needs it. */
  readonly variant?: MarkVariant;
  /** Class of the (first) object. Default: drawn from the seed, all classes alike. */
  readonly className?: string;
  /** Side in pixels. Default 96. */
  readonly size?: number;
  /** Range of each object's part of the picture, drawn log-uniformly. Default 0.03 to 0.18. */
  readonly area?: readonly [low: number, high: number];
  /** Most distractors in a scene; how many is drawn from 0 to this. Default 4. Those that find no free place are left out. */
  readonly distractors?: number;
}

/** Above this part of the picture the slimmest object would not fit. */
const largestArea = 0.22;
const smallestArea = 0.01;
const kinds: readonly SceneKind[] = ['single', 'two-objects', 'clever-hans', 'null'];
const variants: readonly MarkVariant[] = ['confounded', 'balanced', 'absent'];

/**
 * Draws every factor of a scene, each from its own stream of the seed: the background does not depend on the class, nor the class
 * on anything else. Only `clever-hans` with variant `confounded` ties a factor (the mark) to the class.
 *
 * @throws OptionError for options that no scene can meet
 * @example sampleScene({ seed: 7, className: 'fish' }).objects[0]?.shape // 'fish'
 */
export function sampleScene(options: SceneOptions): SceneSpec {
  checkOptions(options);
  const { seed, kind = 'single', size = 96, area = [0.03, 0.18], distractors: most = 4 } = options;
  const shapes = chooseShapes(seed, kind, options.className);
  const mark = sampleMark(seed, options.variant, shapes[0]);
  const background = sampleBackground(seed);
  const taken: Circle[] = mark === null ? [] : [markCircle(mark)];
  const place = random(seed, 'place');
  const objects = shapes.map((shape, i) => {
    const part = random(seed, `area ${i}`).logBetween(area[0], area[1]);
    // Two objects share the room of one.
    const circle = fitCircle(place, taken, shape, shapes.length === 1 ? part : Math.max(area[0], part / 2));
    if (circle === undefined) throw new OptionError(noRoom(options));
    taken.push(circle);
    return sampleFigure(random(seed, `object ${i}`), shape, circle, background);
  });
  const crowd = random(seed, 'distractors');
  const distractors: FigureSpec[] = [];
  for (let i = crowd.integer(most + 1); i > 0; i--) {
    const shape = crowd.pick(distractorShapes);
    const circle = fitCircle(crowd, taken, shape, crowd.logBetween(area[0], area[1]), 0.25);
    if (circle === undefined) continue;
    taken.push(circle);
    distractors.push(sampleFigure(crowd, shape, circle, background));
  }
  const finish = random(seed, 'finish');
  return {
    version: 1,
    kind,
    size,
    background,
    objects,
    distractors,
    clutter: { count: finish.integer(25), seed: finish.integer(2 ** 31) },
    mark,
    lighting: { angle: rounded(finish.uniform()), strength: rounded(finish.between(0, 0.18)) },
    noise: { amplitude: rounded(finish.between(0, 16)), seed: finish.integer(2 ** 31) },
  };
}

function chooseShapes(seed: number, kind: SceneKind, className: string | undefined): Shape[] {
  if (kind === 'null') return [];
  const draw = random(seed, 'class');
  const drawn = draw.integer(objectShapes.length);
  const first = className === undefined ? drawn : sceneClasses.indexOf(className);
  if (kind !== 'two-objects') return [objectShapes[first]!];
  const second = (first + 1 + draw.integer(objectShapes.length - 1)) % objectShapes.length;
  return [objectShapes[first]!, objectShapes[second]!];
}

function sampleMark(
  seed: number,
  variant: MarkVariant | undefined,
  shape: Shape | undefined,
): MarkSpec | null {
  if (variant === undefined || variant === 'absent') return null;
  const draw: Random = random(seed, 'mark');
  const corner = draw.pick(markCorners);
  const chance = draw.integer(sceneClasses.length);
  return { classIndex: variant === 'confounded' ? sceneClasses.indexOf(shape!.name) : chance, corner };
}

function markCircle(mark: MarkSpec): Circle {
  const [x, y] = markCenter(mark);
  return { x, y, radius: markSide * 0.71 };
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function checkOptions(options: SceneOptions): void {
  const { seed, kind = 'single', variant, className, size = 96, area, distractors = 4 } = options;
  integer(seed, 'seed');
  checkSize(size);
  if (!kinds.includes(kind)) throw expected('kind', `one of ${kinds.join(', ')}`, kind);
  if ((kind === 'clever-hans') !== (variant !== undefined)) {
    throw expected(
      'variant',
      'given with kind clever-hans and only then',
      `kind ${kind}, variant ${variant}`,
    );
  }
  if (variant !== undefined && !variants.includes(variant)) {
    throw expected('variant', `one of ${variants.join(', ')}`, variant);
  }
  if (className !== undefined && !sceneClasses.includes(className)) {
    throw expected('className', `one of ${sceneClasses.join(', ')}`, className);
  }
  if (className !== undefined && kind === 'null') {
    throw expected('className', 'absent with kind null, which has no object', className);
  }
  if (area !== undefined && !(area[0] <= area[1])) {
    throw expected('area', 'a range, low then high', `[${area.join(', ')}]`);
  }
  for (const end of area ?? []) between(end, smallestArea, largestArea, 'area');
  integer(distractors, 'distractors');
  between(distractors, 0, 20, 'distractors');
}

function expected(name: string, rule: string, received: unknown): OptionError {
  return new OptionError(`sampleScene: expected ${name} to be ${rule}; received ${String(received)}.`);
}

function noRoom({ kind, area }: SceneOptions): string {
  return `sampleScene: expected area to leave room for the objects of kind ${kind}; received [${area?.join(', ')}]. Lower it.`;
}
