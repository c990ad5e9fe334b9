import { topClasses } from '@hybridcam/core';
import { className, number, percent } from '../text/format.ts';
import { type Actions, type Component, isStranded, type View } from '../view.ts';
import { h, setText } from './dom.ts';

const barCount = 5;
const mostFound = 8;

interface Bar {
  readonly button: HTMLButtonElement;
  readonly name: HTMLElement;
  readonly value: HTMLElement;
  readonly fill: HTMLElement;
  classIndex: number;
}

/** The five best classes as bars, and a search over all of them. Pointing at a class shows its map; choosing it explains it. */
export function createClasses(root: HTMLElement, actions: Actions): Component {
  const bars = Array.from({ length: barCount }, () => createBar(actions));
  const list = h(
    'div',
    { class: 'bars', role: 'group', 'aria-label': 'Most likely classes' },
    ...bars.map(({ button }) => button),
  );
  const search = h('input', {
    type: 'search',
    id: 'class-search',
    placeholder: 'Search all classes',
    autocomplete: 'off',
    'aria-label': 'Search all classes',
  });
  const found = h('div', { class: 'bars found', role: 'group', 'aria-label': 'Classes found' });
  const note = h('p', { class: 'hint', 'aria-live': 'polite' });
  root.append(list, search, found, note);
  let view: View | undefined;
  let foundKey = '';
  const showFound = (): void => {
    const text = search.value.trim().toLowerCase();
    const key = `${text}|${view?.evidence?.classIndex}|${view?.model?.name}`;
    if (key === foundKey || !view?.evidence) return;
    foundKey = key;
    const { evidence, labels } = view;
    const matches =
      text === ''
        ? []
        : Array.from(evidence.scores, (_, index) => index).filter(
            (index) =>
              (labels?.[index] ?? '').toLowerCase().replaceAll('_', ' ').includes(text) ||
              String(index) === text,
          );
    const shown = matches.slice(0, mostFound).map((index) => {
      const bar = createBar(actions);
      fillBar(bar, index, view!);
      return h('div', { class: 'found-row' }, bar.button, contrastButton(index, view!, actions));
    });
    // A bar that goes from under the pointer tells nobody that it was left.
    if (found.childElementCount > 0) actions.hover(undefined);
    found.replaceChildren(...shown);
    setText(
      note,
      text === ''
        ? ''
        : matches.length === 0
          ? `No class is called “${search.value.trim()}”.`
          : matches.length > mostFound
            ? `${matches.length} classes; the first ${mostFound} are shown.`
            : '',
    );
  };
  search.addEventListener('input', showFound);
  return {
    update(next) {
      const changed = next.evidence !== view?.evidence || next.labels !== view?.labels;
      view = next;
      const { evidence } = next;
      list.hidden = evidence === undefined && isStranded(next);
      if (!evidence || !changed) return;
      const best = topClasses(evidence.scores, barCount);
      bars.forEach((bar, rank) => {
        bar.button.hidden = best[rank] === undefined;
        if (best[rank] !== undefined) fillBar(bar, best[rank], next);
      });
      foundKey = '';
      showFound();
    },
  };
}

function createBar(actions: Actions): Bar {
  const fill = h('span', { class: 'fill' });
  const name = h('span', { class: 'name' });
  const value = h('span', { class: 'value' });
  const button = h('button', { type: 'button', class: 'bar' }, fill, name, value);
  const bar: Bar = { button, name, value, fill, classIndex: 0 };
  button.addEventListener('click', () => actions.set({ classIndex: bar.classIndex }));
  for (const event of ['pointerenter', 'focus'])
    button.addEventListener(event, () => actions.hover(bar.classIndex));
  for (const event of ['pointerleave', 'blur'])
    button.addEventListener(event, () => actions.hover(undefined));
  return bar;
}

/** Makes any class the one that the explained class is compared with: the list under “Rather than” ends early. */
function contrastButton(index: number, { evidence, labels }: View, actions: Actions): HTMLButtonElement {
  const { classIndex, against } = evidence!;
  const isOn = against === index;
  const button = h(
    'button',
    {
      type: 'button',
      class: 'quiet contrast',
      disabled: index === classIndex,
      'aria-pressed': String(isOn),
      'aria-label': `${className(labels, classIndex)} rather than ${className(labels, index)}`,
      title: `Explain ${className(labels, classIndex)} rather than ${className(labels, index)}`,
    },
    'rather than',
  );
  button.addEventListener('click', () => actions.set({ against: isOn ? undefined : index }));
  return button;
}

function fillBar(bar: Bar, classIndex: number, { evidence, labels }: View): void {
  const { probabilities, scores, scoreKind } = evidence!;
  bar.classIndex = classIndex;
  const name = className(labels, classIndex);
  setText(bar.name, name);
  setText(bar.value, percent(probabilities[classIndex]!));
  bar.fill.style.width = `${100 * probabilities[classIndex]!}%`;
  bar.button.title = `${labels?.[classIndex] ?? name}${scoreKind === 'logit' ? `, logit ${number(scores[classIndex]!)}` : ''}`;
  bar.button.setAttribute('aria-pressed', String(classIndex === evidence!.classIndex));
}
