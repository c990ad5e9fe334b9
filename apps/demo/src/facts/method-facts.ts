import { type MethodInfo, type MethodName, methodNames, methods } from '@hybridcam/core';

/** What the page must know of a method to offer it. */
export type MethodFacts = Pick<MethodInfo, 'title' | 'needs' | 'layers' | 'forwards' | 'elsewhere'>;

/** The build puts the value in this module's place (build/evaluated.ts): the page does not carry the methods and their papers. */
export const methodFacts = Object.fromEntries(
  methodNames.map((name) => {
    const { title, needs, layers, forwards, elsewhere } = methods[name];
    return [name, { title, needs, layers, forwards, elsewhere }];
  }),
) as Readonly<Record<MethodName, MethodFacts>>;

export { methodNames } from '@hybridcam/core';
