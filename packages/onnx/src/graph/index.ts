export { floatAttribute, intAttribute, intsAttribute, stringAttribute } from './attributes.ts';
export { type Constant, constantOf } from './constants.ts';
export { type GraphIndex, indexGraph } from './graph-index.ts';
export { backwardReachable, forwardReachable } from './reach.ts';
