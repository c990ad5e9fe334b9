import type { Actions, View } from '../view.ts';
import { createCamera } from './camera.ts';
import { byId } from './dom.ts';

/** Above this seeds were never trained on. */
const firstNewSeed = 1_000_000_000;

/** All ways in: buttons, drop, paste, keys. */
export function createIntake(actions: Actions, current: () => View): void {
  const open = (files: readonly File[]): void => {
    if (files.length > 0) actions.openFiles(files);
  };
  const file = byId<HTMLInputElement>('picture-file');
  byId('choose-picture').addEventListener('click', () => file.click());
  file.addEventListener('change', () => {
    open([...(file.files ?? [])]);
    file.value = '';
  });
  const newScene = (): void =>
    actions.set({
      picture: `seed:${firstNewSeed + Math.floor(Math.random() * 1_000_000_000)}`,
      classIndex: undefined,
      against: undefined,
    });
  byId('new-scene').addEventListener('click', newScene);
  createCamera(byId('camera'), byId<HTMLDialogElement>('camera-dialog'), actions);

  const veil = byId('drop-veil');
  let depth = 0;
  addEventListener('dragenter', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    depth++;
    veil.hidden = false;
  });
  addEventListener('dragleave', () => {
    depth = Math.max(0, depth - 1);
    veil.hidden = depth === 0;
  });
  addEventListener('dragover', (event) => event.preventDefault());
  addEventListener('drop', (event) => {
    event.preventDefault();
    depth = 0;
    veil.hidden = true;
    open([...(event.dataTransfer?.files ?? [])]);
  });
  addEventListener('paste', (event) => open([...(event.clipboardData?.files ?? [])]));

  let opacityBefore = 0.55;
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    // What stands over the page has the keys.
    if (document.querySelector('dialog[open]')) return;
    if (event.key === 'Escape') actions.cancel();
    else if (event.key === 'n') newScene();
    else if (event.key === 'o') {
      const { opacity } = current().state;
      if (opacity > 0) opacityBefore = opacity;
      actions.set({ opacity: opacity > 0 ? 0 : opacityBefore });
    } else if (/^[1-5]$/.test(event.key)) {
      document
        .querySelectorAll<HTMLButtonElement>('#classes .bars:first-child .bar')
        [Number(event.key) - 1]?.click();
    }
  });
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.matches('input:not([type=range]):not([type=checkbox]), select, textarea')
  );
}
