/** Whether a person may ask again already; asking counts. */
export type Pace = (person: string) => boolean;

const perMinute = 20;

/** 20 commands and clicks a minute per person: more is a stuck key or a script. `now`: by a clock that nobody sets. */
export function createPace(now: () => number = () => performance.now()): Pace {
  const recent = new Map<string, readonly number[]>();
  return (person) => {
    const since = now() - 60_000;
    const times = (recent.get(person) ?? []).filter((time) => time > since);
    if (times.length >= perMinute) return false;
    recent.set(person, [...times, now()]);
    return true;
  };
}
