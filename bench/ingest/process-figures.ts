import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second. */
const TICKS_A_SECOND = 100;

interface ProcessTimes {
  readonly parent: number;
  readonly own: number;
  /** The time of its children that have ended. */
  readonly ofEnded: number;
}

/** The processor time of a process and all that descend from it, those that have ended included, in seconds. */
export function cpuSecondsOfTree(pid: number): number {
  const processes = allProcesses();
  const ofTree = (root: number): number => {
    const times = processes.get(root);
    if (!times) return 0;
    const children = [...processes].filter(([, { parent }]) => parent === root).map(([child]) => child);
    return times.own + times.ofEnded + children.reduce((sum, child) => sum + ofTree(child), 0);
  };
  return ofTree(pid) / TICKS_A_SECOND;
}

/** The most memory that the process has held so far, in megabytes (VmHWM). */
export function peakRssMb(pid: number): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1_024;
}

/** Whether this system counts what processes use in a way that is read here. */
export function hasProcessFigures(): boolean {
  return process.platform === 'linux';
}

function allProcesses(): Map<number, ProcessTimes> {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return new Map(
    pids.flatMap((pid) => {
      const times = timesOf(pid);
      return times ? [[Number(pid), times] as const] : [];
    }),
  );
}

/** Undefined when it has ended since it was listed. The name in parentheses may contain anything. */
function timesOf(pid: string): ProcessTimes | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // As proc(5) numbers them: 4 is the parent, 14 to 17 are the times; the first of these fields is the third.
    const numbered = (field: number) => Number(fields[field - 3]);
    return { parent: numbered(4), own: numbered(14) + numbered(15), ofEnded: numbered(16) + numbered(17) };
  } catch {
    return undefined;
  }
}
