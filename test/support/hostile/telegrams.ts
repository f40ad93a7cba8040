import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'test/fixtures/telegrams';

/** The captured messages of all formats, as bytes: what lies in the fixtures, and every message told inside one. */
export function capturedTelegrams(): Buffer[] {
  if (!existsSync(FOLDER)) return [];
  const files = readdirSync(FOLDER, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.flatMap(({ parentPath, name }) => messagesIn(readFileSync(join(parentPath, name))));
}

function messagesIn(file: Buffer): Buffer[] {
  try {
    return [file, ...objectsIn(JSON.parse(file.toString('utf8'))).map((found) => Buffer.from(JSON.stringify(found)))];
  } catch {
    return [file];
  }
}

/** The objects of the two outer levels: a fixture either is a message, or tells one beside its topic. */
function objectsIn(json: unknown): object[] {
  const inner = typeof json === 'object' && json !== null ? Object.values(json as Record<string, unknown>) : [];
  return inner.filter((value): value is object => typeof value === 'object' && value !== null);
}
