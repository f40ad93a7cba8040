/**
 * A job that can be woken at any moment and never runs beside itself here: woken while it runs, it runs once more
 * afterwards. The promise is that of a run that began after the call, and fails as that run does.
 */
export function wakeable(job: () => Promise<unknown>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  const start = (): Promise<void> => {
    next = undefined;
    running = job().then(() => undefined);
    return running.finally(() => (running = undefined));
  };
  return () => {
    if (!running) return start();
    next ??= running.then(start, start);
    return next;
  };
}
