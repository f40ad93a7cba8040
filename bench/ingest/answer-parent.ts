/** What a process of the benchmark can be asked by the one that started it. */
export type Questions = Record<string, (...given: never[]) => unknown>;

export interface Question {
  readonly id: number;
  readonly name: string;
  readonly given: readonly unknown[];
}

export interface Answer {
  readonly id: number;
  readonly answer?: unknown;
  readonly error?: string;
}

/**
 * Answers the questions of the parent process until it lets go of us, and then ends, after `stop` where there is one.
 *
 * A Ctrl-C reaches every process of a terminal; it is the parent that ends the others, in order.
 */
export function answerParent(questions: Questions, stop: () => Promise<unknown> = () => Promise.resolve()): void {
  process.on('SIGINT', () => undefined);
  process.on('message', (question: Question) => void answer(questions, question));
  process.once('disconnect', () => void stop().finally(() => process.exit()));
}

async function answer(questions: Questions, { id, name, given }: Question): Promise<void> {
  const reply = await Promise.resolve()
    .then(() => questions[name]?.(...(given as never[])))
    .then(
      (value): Answer => ({ id, answer: value }),
      (error: unknown): Answer => ({
        id,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      }),
    );
  process.send?.(reply);
}

/** Milliseconds since 1970 with their fractions, the same in all processes of this machine. */
export function preciseNow(): number {
  return performance.timeOrigin + performance.now();
}
