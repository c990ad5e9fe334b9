import type { ZooName } from '@hybridcam/zoo';
import { zooFacts } from '../facts/zoo-facts.ts';
import { bytes } from '../text/format.ts';
import type { Actions, Component, View } from '../view.ts';
import { h, setText } from './dom.ts';

/** Networks by name: what they weigh before they are fetched, how far a download is, use and removal of what is kept. */
export function createNamedNetworks(actions: Actions): Component & { readonly element: HTMLElement } {
  const select = h(
    'select',
    { id: 'zoo-name' },
    ...zooFacts.map(({ name, title, bytes: size }) =>
      h('option', { value: name }, `${title}${size === undefined ? '' : ` · ${bytes(size)}`}`),
    ),
  );
  select.value = 'resnet50';
  const use = h('button', { type: 'button', id: 'zoo-use' }, 'Download');
  const remove = h('button', { type: 'button', id: 'zoo-remove', hidden: true }, 'Remove');
  const bar = h('progress', { 'aria-label': 'Download', hidden: true });
  const note = h('p', { class: 'hint', role: 'status', id: 'zoo-status' });
  const element = h(
    'details',
    { class: 'named' },
    h('summary', {}, 'Named networks'),
    h(
      'div',
      { class: 'named-body' },
      h(
        'div',
        { class: 'field' },
        h('label', { for: 'zoo-name' }, 'Trained on ImageNet, 1000 classes'),
        select,
      ),
      h('div', { class: 'actions' }, use, remove),
      bar,
      note,
    ),
  );
  const chosen = () => select.value as ZooName;
  let view: View | undefined;
  element.addEventListener('toggle', () => {
    if (element.open) actions.lookUpKept();
  });
  use.addEventListener('click', () =>
    view?.download ? actions.cancelDownload() : void actions.useModel(chosen()),
  );
  remove.addEventListener('click', () => actions.removeModel(chosen()));
  const update = (): void => {
    if (!view) return;
    const { download, model } = view;
    const facts = zooFacts.find(({ name }) => name === chosen())!;
    const isOpen = model?.kind === 'zoo' && model.name === facts.name;
    const keptBytes = keptOf(view, facts.name);
    const isWhole = keptBytes > 0 && (facts.bytes === undefined || facts.bytes === keptBytes);
    select.disabled = download !== undefined;
    setText(
      use,
      download ? 'Cancel' : isOpen ? 'In use' : isWhole ? 'Use it' : keptBytes > 0 ? 'Go on' : 'Download',
    );
    use.disabled = isOpen && !download;
    remove.hidden = keptBytes === 0 || download !== undefined;
    showProgress(bar, view);
    setText(note, download ? progressText(view) : stillText(facts, keptBytes, isWhole));
  };
  select.addEventListener('change', update);
  return {
    element,
    update(next) {
      view = next;
      update();
    },
  };
}

function keptOf({ kept }: View, name: ZooName): number {
  return kept?.find((model) => model.name === name)?.bytes ?? 0;
}

function showProgress(bar: HTMLProgressElement, { download }: View): void {
  bar.hidden = download === undefined;
  const { loadedBytes, totalBytes } = download?.progress ?? {};
  if (totalBytes === undefined || loadedBytes === undefined) {
    bar.removeAttribute('value');
    return;
  }
  bar.max = totalBytes;
  bar.value = loadedBytes;
}

/** `34 of 102 MB · 5.1 MB/s · 13 s left`. */
function progressText({ download }: View): string {
  const progress = download?.progress;
  if (!progress) return 'Asking the hub…';
  const { phase, loadedBytes, totalBytes, bytesPerSecond, secondsLeft } = progress;
  if (phase === 'wait') return 'Another tab downloads it; waiting.';
  if (phase === 'verify') return `Checking ${bytes(loadedBytes)} of what is kept…`;
  const parts = [
    totalBytes === undefined ? bytes(loadedBytes) : `${bytes(loadedBytes)} of ${bytes(totalBytes)}`,
  ];
  if (bytesPerSecond !== undefined) parts.push(`${bytes(bytesPerSecond)}/s`);
  if (secondsLeft !== undefined) parts.push(`${Math.ceil(secondsLeft)} s left`);
  return `${parts.join(' · ')}.`;
}

function stillText(
  { origin, fileName, license, bytes: size }: (typeof zooFacts)[number],
  keptBytes: number,
  isWhole: boolean,
): string {
  if (isWhole) return `${bytes(keptBytes)} are kept in this browser.`;
  if (keptBytes > 0) return `${bytes(keptBytes)} of it are here from before.`;
  const weight = size === undefined ? 'its size is told by the hub' : bytes(size);
  return `${fileName} from ${new URL(origin).host} (${weight}, ${license}); checked by its SHA-256 and kept in this browser. No picture is sent. If the hub does not let pages read it, open the file yourself with “Open a model…”.`;
}
