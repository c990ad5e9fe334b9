import { forwardCount, type Model } from '@hybridcam/core';
import type { PlannedRequest } from './plan-requests.ts';

/** One line per method that runs the model many times: said before the first image, since it may take minutes. */
export function costLines(model: Model, requests: readonly PlannedRequest[]): string[] {
  const totals = new Map<string, number>();
  for (const { request, method } of requests) {
    const count = forwardCount(model, request) ?? 1;
    if (count > 1) totals.set(method.name, (totals.get(method.name) ?? 0) + count);
  }
  return [...totals].map(
    ([name, count]) => `${name} runs the model ${count.toLocaleString('en')} times per image.`,
  );
}
