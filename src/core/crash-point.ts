/**
 * Places where a crash test kills the process, to see that nothing is lost there.
 *
 * Unarmed, a crash point only looks at one variable. Armed by the composition root (`name:n`), the n-th pass
 * through that point sends SIGKILL to the process itself.
 */
let armed: { readonly name: string; passesLeft: number; readonly signal: NodeJS.Signals } | undefined;

/** Another signal than SIGKILL, such as SIGSTOP, lets a test freeze the process there and wake it later. */
export function armCrashPoint(name: string, pass: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  armed = { name, passesLeft: pass, signal };
}

export function crashPoint(name: string): void {
  if (armed?.name !== name) return;
  armed.passesLeft -= 1;
  if (armed.passesLeft === 0) process.kill(process.pid, armed.signal);
}
