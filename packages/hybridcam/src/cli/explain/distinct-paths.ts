/**
 * Each path by its last parts, as few as tell it from all the others: `a/x.jpg`, `b/x.jpg` and `y.jpg`. A path given twice
 * stays with its file name.
 *
 * @example distinctPaths(['cats/x.jpg', 'dogs/x.jpg', 'dogs/y.jpg']) // ['cats/x.jpg', 'dogs/x.jpg', 'y.jpg']
 */
export function distinctPaths(paths: readonly string[]): string[] {
  const parts = new Map(paths.map((path) => [path, path.split(/[\\/]+/).filter((part) => part !== '')]));
  const ending = (path: string, count: number): string => parts.get(path)!.slice(-count).join('/');
  return paths.map((path) => {
    const others = [...parts.keys()].filter((other) => other !== path);
    const most = parts.get(path)!.length;
    let count = 1;
    while (count < most && others.some((other) => ending(other, count) === ending(path, count))) count++;
    return ending(path, count);
  });
}
