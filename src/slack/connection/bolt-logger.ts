import { format } from 'node:util';
import { type Logger, LogLevel } from '@slack/bolt';
import type { Log } from '../../log/log.ts';

/**
 * Bolt's own lines in our log. Its debug level is never passed on: it prints socket tickets, response urls and what
 * people typed.
 */
export function boltLogger(log: Log): Logger {
  const say =
    (level: 'info' | 'warn' | 'error') =>
    (...words: unknown[]) => {
      log[level]('bolt', { said: format(...words) });
    };
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: say('warn'),
    error: say('error'),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}
