/**
 * Every error the toolkit throws on purpose is a `CamError`: `code` is stable and machine-readable, the message says
 * where, which rule, what was received and what to do: `explain: target layer "layer5" not found. …`.
 */
export type CamErrorCode =
  | 'SHAPE'
  | 'NON_FINITE'
  | 'OPTION'
  | 'LAYER_NOT_FOUND'
  | 'CLASS_NOT_FOUND'
  | 'UNSUPPORTED'
  | 'MODEL_FORMAT'
  | 'IMAGE_FORMAT'
  | 'LIMIT'
  | 'NOT_FOUND'
  | 'IO'
  | 'INTEGRITY'
  | 'NETWORK'
  | 'RUNTIME'
  | 'ABORTED';

export class CamError extends Error {
  readonly code: CamErrorCode;

  constructor(code: CamErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** An array has another rank or extent than the rule says. */
export class ShapeError extends CamError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('SHAPE', message, options);
  }
}

/** NaN or infinity where only finite numbers make sense. */
export class NonFiniteError extends CamError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('NON_FINITE', message, options);
  }
}

/** An option has a value outside its range, or two options exclude each other. */
export class OptionError extends CamError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('OPTION', message, options);
  }
}

/** No spatial layer of that name; the message lists the ones there are. */
export class LayerNotFoundError extends CamError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('LAYER_NOT_FOUND', message, options);
  }
}

/** No class of that index or label. */
export class ClassNotFoundError extends CamError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('CLASS_NOT_FOUND', message, options);
  }
}

/** The model, layer or method is valid but this combination cannot be explained; the message names what blocks. */
export class UnsupportedError extends CamError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('UNSUPPORTED', message, options);
  }
}

/** Bytes that are not the model, checkpoint or data file they should be. */
export class ModelFormatError extends CamError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('MODEL_FORMAT', message, options);
  }
}

/** Bytes that are not a picture we decode. */
export class ImageFormatError extends CamError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('IMAGE_FORMAT', message, options);
  }
}

/** A named safety limit would be exceeded (pixels, nodes, bytes). */
export class LimitError extends CamError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('LIMIT', message, options);
  }
}

/** Bytes whose hash is not the one recorded for them: damaged, truncated or another file. */
export class IntegrityError extends CamError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('INTEGRITY', message, options);
  }
}

/** The caller's AbortSignal fired. `cause` is the signal's reason. */
export class AbortedError extends CamError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('ABORTED', message, options);
  }
}

/** Throws `AbortedError` when the signal has fired; call it between the steps of anything slow. */
export function throwIfAborted(signal: AbortSignalLike | undefined, where: string): void {
  if (signal?.aborted) throw new AbortedError(`${where}: aborted by the caller.`, { cause: signal.reason });
}

/** The part of `AbortSignal` we need; core has neither the DOM's nor Node's types. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
}
