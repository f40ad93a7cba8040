import { type Config, loadConfig } from '../../config/config.ts';
import { messageOf } from '../../core/errors.ts';
import { EXIT } from '../exit-codes.ts';
import { type Check, fine, problem } from './doctor/check.ts';
import { type Diagnosis, type DoctorDeps, runDoctor } from './doctor/run-doctor.ts';

export interface DoctorCommandDeps extends DoctorDeps {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Without the signs that not every terminal can show. */
  readonly plain: boolean;
  readonly print: (line: string) => void;
}

/**
 * `stillwater doctor`: prints what is wrong with this installation and what to do about it. Returns the exit code: 1
 * when there is a problem, 0 when there are warnings at most.
 */
export async function doctorCommand(deps: DoctorCommandDeps): Promise<number> {
  const { checks } = await diagnose(deps);
  for (const line of describeChecks(checks, deps.plain)) deps.print(line);
  return checks.some(({ status }) => status === 'problem') ? EXIT.failed : EXIT.done;
}

/** With a configuration that makes no sense, nobody knows where to look for the rest. */
async function diagnose(deps: DoctorCommandDeps): Promise<Diagnosis> {
  const name = 'configuration';
  let config: Config;
  try {
    config = loadConfig(deps.env);
  } catch (error) {
    return { checks: [problem(name, messageOf(error), 'mend these, then look again')] };
  }
  const { checks } = await runDoctor(config, deps);
  return { checks: [fine(name, 'makes sense'), ...checks] };
}

const SIGNS = { ok: '✓', warning: '!', problem: '✗' } as const;
const PLAIN_SIGNS = { ok: 'ok     ', warning: 'warning', problem: 'PROBLEM' } as const;

function describeChecks(checks: readonly Check[], plain: boolean): string[] {
  const signs = plain ? PLAIN_SIGNS : SIGNS;
  const width = Math.max(...checks.map(({ name }) => name.length));
  const count = (status: Check['status']) => checks.filter((check) => check.status === status).length;
  return [
    ...checks.flatMap(({ name, status, found, advice }) => {
      const margin = `${' '.repeat(signs[status].length)} ${' '.repeat(width)}  `;
      const line = `${signs[status]} ${name.padEnd(width)}  ${found.replaceAll('\n', `\n${margin}`)}`;
      return advice === undefined ? [line] : [line, `${margin}${plain ? '->' : '→'} ${advice}`];
    }),
    `${count('problem')} problem(s), ${count('warning')} warning(s)`,
  ];
}
