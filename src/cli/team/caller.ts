import { hostname, userInfo } from 'node:os';
import process from 'node:process';

/** A login's name, and nothing that could be taken for anything else. */
const login = /^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/;

/** Who types, as the record names them: `ana@build-1`; under sudo the person behind it. */
export function callerName(env: Readonly<Record<string, string | undefined>>, host = hostname()): string {
  const behind = env.SUDO_USER ?? '';
  return `${login.test(behind) ? behind : ownName()}@${host}`;
}

function ownName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.()}`;
  }
}
