import type { ExplainRequest, MethodCall } from '@hybridcam/core';

/** One row of a comparison: a method with its parameters at a layer, or a control. */
export interface MethodRow {
  /** `hybrid`, `grad-cam`, `random`, `centre`, `oracle` … */
  readonly method: string;
  readonly params: Readonly<Record<string, number | string>>;
  /** `auto` until the model names it; `layer × layer` for two; empty for controls. */
  readonly layer: string;
  readonly source:
    | { readonly kind: 'request'; readonly request: ExplainRequest }
    | { readonly kind: 'control'; readonly control: ControlName };
}

export const controlNames = ['random', 'centre', 'oracle'] as const;
export type ControlName = (typeof controlNames)[number];

/** Rows that know nothing, or too much: shown for scale. */
export function isControl(method: string): method is ControlName {
  return (controlNames as readonly string[]).includes(method);
}

/** `hybrid α0.7`, `score-cam channels=32`, as tables show it. */
export function rowTitle({ method, params }: Pick<MethodRow, 'method' | 'params'>): string {
  const { alpha, ...settings } = params;
  const parts = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return [method, ...(alpha === undefined ? [] : [`α${alpha}`]), ...parts].join(' ');
}

export function requestRow(method: MethodCall, layer: string, request: ExplainRequest): MethodRow {
  const { alpha, variant, settings } = method;
  const params = {
    ...(alpha === undefined ? {} : { alpha }),
    ...(variant === undefined ? {} : { variant }),
    ...settings,
  };
  return { method: method.name, params, layer, source: { kind: 'request', request } };
}

export function controlRow(control: ControlName): MethodRow {
  return { method: control, params: {}, layer: '', source: { kind: 'control', control } };
}
