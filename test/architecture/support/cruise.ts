import { join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractRules from 'dependency-cruiser/config-utl/extract-depcruise-config';

const PROJECT = process.cwd();
const FOLDERS = ['src', 'simulator', 'test'];

export interface Violation {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}

/** What the project's own rules say of the tree at `root`, and how many modules they looked at. */
export async function violationsIn(root: string): Promise<{ violations: Violation[]; modules: number }> {
  const { options = {}, ...ruleSet } = await extractRules(join(PROJECT, '.dependency-cruiser.cjs'));
  const { enhancedResolveOptions, ...cruiseOptions } = options;
  const { output } = await cruise(
    FOLDERS,
    { ...cruiseOptions, ruleSet, validate: true, baseDir: root },
    enhancedResolveOptions,
  );
  const { summary } = output as ICruiseResult;
  return {
    violations: summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
    modules: summary.totalCruised,
  };
}

/** The names of all rules, so that a test can see that none went without a planted violation. */
export async function ruleNames(): Promise<string[]> {
  const { forbidden = [] } = await extractRules(join(PROJECT, '.dependency-cruiser.cjs'));
  return forbidden.map(({ name }) => name ?? 'unnamed');
}
