import type { Redact } from './redact.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export type LogData = Readonly<Record<string, string | number | boolean | undefined>>;

/** A constant message and data beside it, so that lines can be counted. */
export interface Log {
  debug(message: string, data?: LogData): void;
  info(message: string, data?: LogData): void;
  warn(message: string, data?: LogData): void;
  error(message: string, data?: LogData): void;
}

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** Writes one line per entry: time, level, message, then `key=value` pairs. Nothing leaves without passing `redact`. */
export function createLog(options: {
  readonly level: LogLevel;
  readonly redact: Redact;
  readonly write: (line: string) => void;
}): Log {
  const least = levels.indexOf(options.level);
  const at =
    (level: LogLevel) =>
    (message: string, data: LogData = {}) => {
      if (levels.indexOf(level) < least) return;
      const pairs = Object.entries(data)
        .filter(([, value]) => value !== undefined)
        .map(
          ([key, value]) =>
            ` ${key}=${JSON.stringify(typeof value === 'string' ? options.redact(value) : value)}`,
        );
      const line = `${new Date().toISOString()} ${level.toUpperCase()} ${message}${pairs.join('')}`;
      options.write(`${options.redact(line).replace(/[\p{Cc}\u2028\u2029]/gu, asEscape)}\n`);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function asEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
