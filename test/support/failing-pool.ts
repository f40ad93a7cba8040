import type { DbPool } from '../../src/db/sql.ts';

/** The same pool, but that something happens before each statement, in a transaction or outside; it may throw. */
export function watchedPool(pool: DbPool, before: (text: string) => Promise<void> | void): DbPool {
  return wrapped(pool);

  function wrapped<Target extends object>(target: Target): Target {
    return new Proxy(target, {
      get(_, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        const apply = (args: unknown[]): unknown => Reflect.apply(member, target, args);
        if (name === 'query') {
          return async (...args: unknown[]) => {
            await before(String(args[0]));
            return apply(args);
          };
        }
        return (...args: unknown[]): unknown => {
          const outcome = apply(args);
          return name === 'connect' ? (outcome as Promise<object>).then(wrapped) : outcome;
        };
      },
    });
  }
}

/** The same pool, but that statements like `broken` cannot be carried out. */
export function failingAt(pool: DbPool, broken: RegExp): DbPool {
  return watchedPool(pool, (text) => {
    if (broken.test(text)) throw new Error('unreachable');
  });
}

/** The same pool, but that `work` is done before the first statement like `text` is carried out. */
export function onceBefore(pool: DbPool, text: RegExp, work: () => Promise<unknown>): DbPool {
  let isDone = false;
  return watchedPool(pool, async (statement) => {
    if (isDone || !text.test(statement)) return;
    isDone = true;
    await work();
  });
}
