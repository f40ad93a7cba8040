import type { DbPool } from '../../src/db/sql.ts';

/** The same pool, but that statements like `broken` cannot be carried out, in a transaction or outside. */
export function failingAt(pool: DbPool, broken: RegExp): DbPool {
  return wrapped(pool);

  function wrapped<Target extends object>(target: Target): Target {
    return new Proxy(target, {
      get(_, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]): unknown => {
          if (name === 'query' && broken.test(String(args[0]))) return Promise.reject(new Error('unreachable'));
          const outcome: unknown = Reflect.apply(member, target, args);
          return name === 'connect' ? (outcome as Promise<object>).then(wrapped) : outcome;
        };
      },
    });
  }
}
