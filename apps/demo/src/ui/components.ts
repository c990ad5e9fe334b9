import type { Actions, Component, View } from '../view.ts';
import type { DrawnParts } from '../view-store.ts';
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
import { steady } from './steady.ts';
import { createTake } from './take.ts';
import { createTrust } from './trust.ts';

export function createComponents(actions: Actions, current: () => View): DrawnParts {
  createIntake(actions, current);
  return {
    near: [
      createStage(byId('stage'), actions),
      steady(createClasses(byId('classes'), actions)),
      createMix(byId('mix'), actions),
      steady(createGallery(byId('gallery'), actions)),
      steady(createNotice(byId('notice'), actions)),
    ],
    far: [
      onceDrawn(() => steady(createNetwork(byId('network'), byId('runtime'), actions))),
      onceDrawn(() => steady(createChoices(byId('choices'), actions))),
      onceDrawn(() => createMultiples(byId('multiples'), actions)),
      onceDrawn(() => steady(createDrawing(byId('drawing'), actions))),
      onceDrawn(() => steady(createSeen(byId('seen')))),
      onceDrawn(() => steady(createEvidence(byId('evidence'), actions))),
      onceDrawn(() => steady(createTrust(byId('trust'), actions))),
      onceDrawn(() => createCompare(byId('compare'), actions)),
      onceDrawn(() => steady(createTake(byId('take'), actions))),
    ],
  };
}

/** Made when it is first drawn, so that making all of them is not one long task. */
function onceDrawn(make: () => Component): Component {
  let made: Component | undefined;
  return {
    update(view) {
      made ??= make();
      made.update(view);
    },
  };
}
