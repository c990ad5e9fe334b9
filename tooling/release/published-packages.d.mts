export interface PublishedPackage {
  name: string;
  folder: string;
  // biome-ignore lint/suspicious/noExplicitAny: a package.json, read and not checked
  manifest: any;
}
export function publishedPackages(root: string): PublishedPackage[];
