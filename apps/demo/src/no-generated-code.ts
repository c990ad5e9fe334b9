/**
 * Stands in for the ndarray package, whose constructors are generated with `new Function`. It fails as that does under our
 * Content-Security-Policy, without the violation that merely trying would report; core then uses its own strided view.
 */
export default function createNdarray(): never {
  throw new EvalError('ndarray: generated code is not allowed here.');
}
