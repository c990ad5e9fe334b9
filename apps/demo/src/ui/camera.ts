import type { Actions } from '../view.ts';
import { h, setText } from './dom.ts';

/** Longer side of a frame: more than any network reads, little enough to grab live. */
const frameSide = 640;

/**
 * A picture from the camera: a still, or live, one explained frame after the other. The camera runs only while the dialog is open,
 * however it is closed and whenever permission comes.
 */
export function createCamera(button: HTMLElement, dialog: HTMLDialogElement, actions: Actions): void {
  const video = h('video', { muted: true, playsinline: true, 'aria-label': 'Camera preview' });
  const problem = h('p', { class: 'hint', role: 'status' });
  const still = h('button', { type: 'button', class: 'primary', autofocus: true }, 'Take the picture');
  const live = h('button', { type: 'button', 'aria-pressed': 'false' }, 'Live');
  const close = h('button', { type: 'button' }, 'Close');
  dialog.append(
    h('h2', { id: 'camera-title' }, 'Camera'),
    video,
    problem,
    h('div', { class: 'actions' }, still, live, close),
  );
  let stream: MediaStream | undefined;
  /** The loop that shows frames. One that was ended never goes on, also where its last frame came after the next loop began. */
  let loop: object | undefined;
  /** Of the newest wish for the camera. One that is answered after the dialog was closed, or asked again, is turned off at once. */
  let wish = 0;
  const stop = (): void => {
    wish++;
    loop = undefined;
    live.setAttribute('aria-pressed', 'false');
    turnOff(stream);
    stream = undefined;
    video.srcObject = null;
  };
  const start = async (): Promise<void> => {
    stop();
    const own = wish;
    setText(problem, 'Waiting for the camera…');
    try {
      const granted = await navigator.mediaDevices.getUserMedia({
        // The camera that looks away from the visitor, where a device has two.
        video: { width: { ideal: frameSide }, facingMode: 'environment' },
      });
      if (own !== wish) {
        turnOff(granted);
        return;
      }
      stream = granted;
      video.srcObject = granted;
      await video.play();
      if (own === wish) setText(problem, '');
    } catch {
      if (own === wish) setText(problem, 'The camera is not available, or its use was not allowed.');
    }
  };
  const grab = async (): Promise<Blob | undefined> => {
    if (!stream || !video.videoWidth) return undefined;
    const scale = Math.min(1, frameSide / Math.max(video.videoWidth, video.videoHeight));
    const canvas = new OffscreenCanvas(
      Math.round(video.videoWidth * scale),
      Math.round(video.videoHeight * scale),
    );
    canvas.getContext('2d')!.drawImage(video, 0, 0, canvas.width, canvas.height);
    return canvas.convertToBlob({ type: 'image/png' });
  };
  button.addEventListener('click', () => {
    if (!dialog.open) dialog.showModal();
    void start();
  });
  still.addEventListener('click', async () => {
    const own = wish;
    const frame = await grab();
    // The camera may have been closed while the frame was grabbed, and even be open again.
    if (!frame || !dialog.open || own !== wish) return;
    actions.openPictureFile(frame, 'camera');
    dialog.close();
  });
  live.addEventListener('click', async () => {
    const own = loop ? undefined : {};
    loop = own;
    live.setAttribute('aria-pressed', String(own !== undefined));
    while (own && loop === own) {
      const frame = await grab();
      // The camera may have been closed while the frame was grabbed.
      if (frame && loop === own) await actions.showFrame(frame);
      // Paced by the network itself: the next frame is taken when this one is explained.
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  });
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', stop);
}

function turnOff(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
