/** What is computed under that key, begun now where it was not; what fails is forgotten, so that who was interrupted may ask again. */
export function shareOnce<T>(
  shared: Map<string, Promise<T>>,
  key: string,
  compute: () => Promise<T>,
): Promise<T> {
  const known = shared.get(key);
  if (known) return known;
  const begun = compute();
  shared.set(key, begun);
  begun.catch(() => {
    if (shared.get(key) === begun) shared.delete(key);
  });
  return begun;
}
