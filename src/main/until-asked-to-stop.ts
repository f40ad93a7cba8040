/**
 * Resolves when somebody asks the process to stop (Ctrl-C, or SIGTERM from a supervisor). A second time of asking ends
 * it at once, unfinished: for those who will not wait.
 */
export function untilAskedToStop(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      process.once('SIGINT', leave);
      process.once('SIGTERM', leave);
      resolve();
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  });
}

function leave(): void {
  process.exit(130);
}
