import fs, { existsSync } from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { relative } from 'node:path';
import { DatabaseSync, StatementSync } from 'node:sqlite';

type Callable = (this: unknown, ...args: unknown[]) => unknown;

/** What only looks. Whatever else the file system has to offer counts as a write, so that no new one can be forgotten. */
const looks =
  /^(access|exists|f?stat|lstat|statfs|read.*|realpath|opendir|glob|watch|watchFile|unwatchFile|close|openAsBlob|createReadStream|_toUnixTimestamp|getFd|\[.*\]|constructor)(Sync)?$/;

/** Gives each of the points of one name a number: `rename state/applied.json #2`. */
export function numbered(reached: (point: string) => void): (what: string) => void {
  const times = new Map<string, number>();
  return (what) => {
    const count = (times.get(what) ?? 0) + 1;
    times.set(what, count);
    reached(`${what} #${count}`);
  };
}

/**
 * Calls `point` before everything in this process that changes a file below `root`, or a SQLite database, with a name
 * such as `rename state/applied.json`; a file's content makes two such points, before it and half written.
 */
export async function watchWrites(root: string, point: (what: string) => void): Promise<void> {
  const paths = new WeakMap<object, string>();

  function inside(path: unknown): string | undefined {
    if (typeof path === 'object' && path !== null && paths.has(path)) return paths.get(path);
    if (typeof path !== 'string' || (path !== root && !path.startsWith(`${root}/`))) return undefined;
    return (
      relative(root, path)
        .replace(/\.[0-9a-f]{12}\.tmp$/, '.tmp')
        .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, 'UUID') || '.'
    );
  }

  function wrap(module: object): void {
    const functions = module as Record<string, Callable>;
    for (const [name, original] of Object.entries(functions)) {
      if (typeof original !== 'function' || looks.test(name) || /^[A-Z]/.test(name)) continue;
      functions[name] = function (...args) {
        const path = inside(args[1]) ?? inside(args[0]);
        const onlyLooks = name.startsWith('open') && (args[1] ?? 'r') === 'r';
        const isThere = name.startsWith('mkdir') && existsSync(String(args[0]));
        if (path !== undefined && !onlyLooks && !isThere) point(`${name} ${path}`);
        const result = original.apply(this, args);
        if (name === 'open' && path !== undefined && result instanceof Promise) {
          return result.then((handle: object) => {
            paths.set(handle, path);
            return handle;
          });
        }
        return result;
      };
    }
  }

  const probe = await promises.open('/dev/null', 'r');
  const handles = Object.getPrototypeOf(probe) as Record<string, Callable>;
  await probe.close();
  for (const name of Object.getOwnPropertyNames(handles)) {
    const original = Object.getOwnPropertyDescriptor(handles, name)?.value as Callable | undefined;
    if (typeof original !== 'function' || looks.test(name)) continue;
    handles[name] = function (this: unknown, ...args) {
      const path = paths.get(this as object);
      if (path === undefined) return original.apply(this, args);
      point(`${name} ${path}`);
      const [content] = args;
      if (name !== 'writeFile' || (typeof content !== 'string' && !Buffer.isBuffer(content))) {
        return original.apply(this, args);
      }
      const half = Math.floor(content.length / 2);
      return (async () => {
        await original.call(this, content.slice(0, half));
        point(`half ${name} ${path}`);
        await original.call(this, content.slice(half));
      })();
    };
  }
  wrap(promises);
  wrap(fs);
  syncBuiltinESMExports();

  const { exec } = DatabaseSync.prototype;
  DatabaseSync.prototype.exec = function (sql) {
    point(`sql ${/\bcommit\s*$/i.test(sql) ? 'commit' : sql.split(/[\s(]+/, 2).join(' ')}`);
    return exec.call(this, sql);
  };
  const { run } = StatementSync.prototype;
  StatementSync.prototype.run = function (this: StatementSync, ...args: unknown[]) {
    point(['sql', ...this.sourceSQL.trim().split(/[\s(]+/, 3), ...args.filter(isName)].join(' '));
    return run.apply(this, args as Parameters<typeof run>);
  } as typeof run;
}

/** An agent or a word of ours, and no id or text that is another one each time. */
function isName(arg: unknown): arg is string {
  return typeof arg === 'string' && /^[a-z]+(-[a-z]+)*(:[a-z]+)?$/.test(arg);
}
