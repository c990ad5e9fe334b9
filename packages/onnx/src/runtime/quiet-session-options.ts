import type { OrtSessionOptions } from '../ort.ts';

/**
 * The caller's session options with our defaults underneath: warnings off (every appended output makes ONNX Runtime say
 * something), and worker threads that sleep between runs. Spinning threads of two sessions in one process (forward and
 * backward) slow each other by a third on two cores.
 */
export function quietSessionOptions(options: OrtSessionOptions = {}): OrtSessionOptions {
  const extra = (options.extra ?? {}) as { session?: { intra_op?: object; inter_op?: object } };
  const sleep = { allow_spinning: '0' };
  return {
    logSeverityLevel: 3,
    ...options,
    extra: {
      ...extra,
      session: {
        ...extra.session,
        intra_op: { ...sleep, ...extra.session?.intra_op },
        inter_op: { ...sleep, ...extra.session?.inter_op },
      },
    },
  };
}
