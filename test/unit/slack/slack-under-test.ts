import type { Log, LogData } from '../../../src/log/log.ts';

export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A log that keeps its entries: `level message`, and the data. */
export function keptLog(): Log & { readonly entries: { readonly what: string; readonly data: LogData }[] } {
  const entries: { what: string; data: LogData }[] = [];
  const at =
    (level: string) =>
    (message: string, data: LogData = {}) => {
      entries.push({ what: `${level} ${message}`, data });
    };
  return { entries, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
