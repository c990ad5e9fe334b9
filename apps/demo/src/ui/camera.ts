import type { Actions } from '../view.ts';
import { h } from './dom.ts';

/** Longer side of a frame: more than any network reads, little enough to grab live. */
const frameSide = 640;

/** A picture from the camera: a still, or live, one explained frame after the other. */
export function createCamera(button: HTMLElement, dialog: HTMLDialogElement, actions: Actions): void {
  const video = h('video', { muted: true, playsinline: true, 'aria-label': 'Camera preview' });
  const problem = h('p', { class: 'hint', role: 'status' });
  const still = h('button', { type: 'button', class: 'primary' }, 'Take the picture');
  const live = h('button', { type: 'button', 'aria-pressed': 'false' }, 'Live');
  const close = h('button', { type: 'button' }, 'Close');
  dialog.append(
    h('h2', { id: 'camera-title' }, 'Camera'),
    video,
    problem,
    h('div', { class: 'actions' }, still, live, close),
  );
  let stream: MediaStream | undefined;
  let isLive = false;
  const stop = (): void => {
    isLive = false;
    live.setAttribute('aria-pressed', 'false');
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = undefined;
    video.srcObject = null;
  };
  const grab = async (): Promise<Blob | undefined> => {
    if (!video.videoWidth) return undefined;
    const scale = Math.min(1, frameSide / Math.max(video.videoWidth, video.videoHeight));
    const canvas = new OffscreenCanvas(
      Math.round(video.videoWidth * scale),
      Math.round(video.videoHeight * scale),
    );
    canvas.getContext('2d')!.drawImage(video, 0, 0, canvas.width, canvas.height);
    return canvas.convertToBlob({ type: 'image/png' });
  };
  button.addEventListener('click', async () => {
    problem.textContent = '';
    dialog.show();
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: frameSide } } });
      video.srcObject = stream;
      await video.play();
    } catch {
      problem.textContent = 'The camera is not available, or its use was not allowed.';
    }
  });
  still.addEventListener('click', async () => {
    const frame = await grab();
    if (!frame) return;
    actions.openPictureFile(frame, 'camera');
    dialog.close();
  });
  live.addEventListener('click', async () => {
    isLive = !isLive;
    live.setAttribute('aria-pressed', String(isLive));
    while (isLive) {
      const frame = await grab();
      if (frame) await actions.showFrame(frame);
      // Paced by the network itself: the next frame is taken when this one is explained.
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  });
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', stop);
}
