const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;

/** As a person would say it: `2.3 s`, `38 s`, `12 min`, `4 h`, `3 d`. */
export function duration(ms: number): string {
  for (const [unit, length] of units) {
    if (ms >= length) return `${Math.floor(ms / length)} ${unit}`;
  }
  const seconds = ms / 1000;
  return `${seconds < 10 ? Number(seconds.toFixed(1)) : Math.round(seconds)} s`;
}

/** To a tenth of a second, where an overrun has to be seen. */
export function exactly(ms: number): string {
  return `${Number((ms / 1000).toFixed(1))} s`;
}

const written: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds of `45s`, `2m`, `3h`, `1d` or plain seconds; undefined for anything else. */
export function parseDuration(word: string): number | undefined {
  const match = /^(\d{1,5})(s|m|min|h|d)?$/.exec(word.toLowerCase());
  if (match === null) return undefined;
  const [, digits = '', unit = 's'] = match;
  return Number(digits) * (written[unit] ?? 0);
}

/** `3 agents`, `1 agent` */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
