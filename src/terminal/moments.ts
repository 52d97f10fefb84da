/** `14:02:07`, on the host's clock. */
export function timeOfDay(at: Date): string {
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(':');
}

/** `2026-11-22 14:02:07`, on the host's clock. */
export function dayAndTime(at: Date): string {
  return `${at.getFullYear()}-${twoDigits(at.getMonth() + 1)}-${twoDigits(at.getDate())} ${timeOfDay(at)}`;
}

/** The time alone where it was today. */
export function moment(at: Date, now: Date): string {
  return at.toDateString() === now.toDateString() ? timeOfDay(at) : dayAndTime(at);
}

/** How far the host's clock is from UTC: `UTC+01:00`. */
export function zone(at: Date): string {
  const minutes = -at.getTimezoneOffset();
  const sign = minutes < 0 ? '-' : '+';
  const size = Math.abs(minutes);
  return size === 0 ? 'UTC' : `UTC${sign}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
