import type { Actions, Component, View } from '../view.ts';
import { createChoices } from './choices.ts';
import { createClasses } from './classes.ts';
import { createCompare } from './compare.ts';
import { byId } from './dom.ts';
import { createDrawing } from './drawing.ts';
import { createEvidence } from './evidence.ts';
import { createGallery } from './gallery.ts';
import { createIntake } from './intake.ts';
import { createMix } from './mix.ts';
import { createMultiples } from './multiples.ts';
import { createNetwork } from './network.ts';
import { createNotice } from './notice.ts';
import { createSeen } from './seen.ts';
import { createStage } from './stage.ts';
import { createTake } from './take.ts';
import { createTrust } from './trust.ts';

/** What the visitor looks at and moves, and the rest of the page. */
export interface Components {
  readonly near: readonly Component[];
  readonly far: readonly Component[];
}

export function createComponents(actions: Actions, current: () => View): Components {
  createIntake(actions, current);
  return {
    near: [
      createStage(byId('stage'), actions),
      createClasses(byId('classes'), actions),
      createMix(byId('mix'), actions),
      createGallery(byId('gallery'), actions),
      createNotice(byId('notice'), actions),
    ],
    far: [
      createNetwork(byId('network'), byId('runtime'), actions),
      createChoices(byId('choices'), actions),
      createMultiples(byId('multiples'), actions),
      createDrawing(byId('drawing'), actions),
      createSeen(byId('seen')),
      createEvidence(byId('evidence'), actions),
      createTrust(byId('trust'), actions),
      createCompare(byId('compare'), actions),
      createTake(byId('take'), actions),
    ],
  };
}
