import { existsSync } from 'node:fs';

/** The folder with package.json in it, found from this module whether it runs as source or compiled below dist/. */
export const packageRoot: URL = findPackageRoot(new URL('.', import.meta.url));

function findPackageRoot(folder: URL): URL {
  if (existsSync(new URL('package.json', folder))) return folder;
  const parent = new URL('..', folder);
  if (parent.href === folder.href) throw new Error('package.json was not found above the program');
  return findPackageRoot(parent);
}
