/** Writes a date as Slack does: tokens such as `{date_short} at {time}`, in the reader's own zone. */
export function formatSlackDate(
  timestampSeconds: number,
  format: string,
  timeZone: string,
  now = Date.now(),
): string {
  const at = new Date(timestampSeconds * 1000);
  const write = (options: Intl.DateTimeFormatOptions, locale = 'en-US') =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone }).format(at);
  const long = () => write({ weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' });
  const medium = () => write({ month: 'long', day: 'numeric', year: 'numeric' });
  const short = () => write({ month: 'short', day: 'numeric', year: 'numeric' });
  const orRecent = (date: () => string) => nearby(at, timeZone, now) ?? date();

  const tokens: Record<string, () => string> = {
    date_num: () => write({ year: 'numeric', month: '2-digit', day: '2-digit' }, 'sv-SE'),
    date: medium,
    date_short: short,
    date_long: long,
    date_pretty: () => orRecent(medium),
    date_short_pretty: () => orRecent(short),
    date_long_pretty: () => orRecent(long),
    time: () => write({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    time_secs: () => write({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }),
    ago: () => ago(now - at.getTime()),
  };
  return format.replace(/\{(\w+)\}/g, (token, name: string) => tokens[name]?.() ?? token);
}

function nearby(at: Date, timeZone: string, now: number): string | undefined {
  const day = (time: number) => new Intl.DateTimeFormat('sv-SE', { timeZone }).format(time);
  const dayMs = 86_400_000;
  if (day(at.getTime()) === day(now)) return 'today';
  if (day(at.getTime()) === day(now - dayMs)) return 'yesterday';
  return day(at.getTime()) === day(now + dayMs) ? 'tomorrow' : undefined;
}

function ago(ms: number): string {
  const units = [
    [86_400_000, 'day'],
    [3_600_000, 'hour'],
    [60_000, 'minute'],
    [1_000, 'second'],
  ] as const;
  const [size, unit] = units.find(([length]) => Math.abs(ms) >= length) ?? units[3];
  return new Intl.RelativeTimeFormat('en-US', { numeric: 'auto' }).format(-Math.trunc(ms / size), unit);
}
