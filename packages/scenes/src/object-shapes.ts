import { butterfly } from './objects/butterfly.ts';
import { cup } from './objects/cup.ts';
import { fish } from './objects/fish.ts';
import { heart } from './objects/heart.ts';
import { house } from './objects/house.ts';
import { key } from './objects/key.ts';
import { moon } from './objects/moon.ts';
import { mushroom } from './objects/mushroom.ts';
import { star } from './objects/star.ts';
import { tree } from './objects/tree.ts';
import type { Shape } from './shape.ts';

/** The classes, in the order of the network's scores. */
export const objectShapes: readonly Shape[] = [
  butterfly,
  cup,
  fish,
  heart,
  house,
  key,
  moon,
  mushroom,
  star,
  tree,
];

/** Class names by class index. */
export const sceneClasses: readonly string[] = objectShapes.map((shape) => shape.name);
