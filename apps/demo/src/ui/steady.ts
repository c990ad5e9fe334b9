import type { Component, View } from '../view.ts';

/** A component that follows neither alpha nor the pointer: a hand that moves them costs it nothing. */
export function steady(component: Component): Component {
  let known: View | undefined;
  return {
    update(view) {
      const isHand = known !== undefined && onlyHandMoved(known, view);
      known = view;
      if (!isHand) component.update(view);
    },
  };
}

/**
 * Whether two views differ by alpha or the pointer alone. A state that is new and yet the same has been another in between, for which a
 * control may still stand.
 */
function onlyHandMoved(before: View, after: View): boolean {
  if (keysThatDiffer(before, after).some((key) => key !== 'state' && key !== 'pointer')) return false;
  return before.state === after.state || keysThatDiffer(before.state, after.state).join() === 'alpha';
}

function keysThatDiffer<T extends object>(a: T, b: T): (keyof T)[] {
  return (Object.keys(b) as (keyof T)[]).filter((key) => a[key] !== b[key]);
}
