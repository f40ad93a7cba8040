import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Files of a small project that exists for the length of a test: path from its root, and content. */
export type Files = Readonly<Record<string, string>>;

/** Writes `files` to a folder of their own, lets `look` see it, and takes it away again. */
export async function inScratchTree<Seen>(files: Files, look: (root: string) => Seen | Promise<Seen>): Promise<Seen> {
  const root = mkdtempSync(join(tmpdir(), 'stillwater-tree-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    return await look(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
