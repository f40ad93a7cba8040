const COPY = Symbol.for('stillwater.log-watch');

type Copy = (kind: string, text: string) => void;

/** Adds to what is copied of this process; nothing where it is not watched. */
export function copyRecord(kind: string, text: string): void {
  const copy = Reflect.get(globalThis, COPY) as Copy | undefined;
  copy?.(kind, text);
}

/** What a program must have in its environment to be watched as well, where it is given one of its own. */
export function watchedEnvironment(): Readonly<Record<string, string>> {
  const { TEST_LOG_FOLDER: folder, NODE_OPTIONS: options } = process.env;
  return folder === undefined || options === undefined ? {} : { TEST_LOG_FOLDER: folder, NODE_OPTIONS: options };
}
