type Attributes = Readonly<Record<string, string | number | boolean | ((event: never) => void) | undefined>>;
type Child = Node | string | undefined | false;

/**
 * An element: `on…` attributes are listeners, `true` sets and `false` or undefined leaves out an attribute. Text is only ever text.
 * @example h('button', { type: 'button', onclick: save }, 'Save')
 */
export function h<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(key.slice(2), value as EventListener);
    else element.setAttribute(key, value === true ? '' : String(value));
  }
  element.append(
    ...children.filter((child): child is Node | string => child !== undefined && child !== false),
  );
  return element;
}

/** The element of the page with this id. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`page: expected an element #${id}; found none.`);
  return element as T;
}

/** Sets a text only where it changed, so that nothing is announced or laid out twice. */
export function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
