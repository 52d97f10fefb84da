/** A value that goes into the env file, one line each: a line break would end it early, and no variable can hold a NUL. */
export function checkEnvValue(given: Located<string> | undefined, complaints: Complaint[]): void {
  if (given === undefined || !/[\n\0]/.test(given.value)) return;
  complaints.push(
    complaintAt(given.place, {
      found: quoted(given.value),
      expected: 'free of line breaks and NUL characters',
    }),
  );
}

/** What is wrong with a team's files, and where. An error keeps the team from loading, a warning does not. */
export interface Complaint {
  readonly severity: 'error' | 'warning';
  /** Relative to the team's root. */
  readonly file: string;
  readonly line: number;
  readonly column?: number;
  /** The field, such as `managers.lead.effort`; empty for the file as a whole. */
  readonly path: string;
  /** Follows "is" in the sentence. */
  readonly found: string;
  /** Follows "it must be" in the sentence. */
  readonly expected: string;
  /** A whole sentence, where `expected` does not say enough. */
  readonly fix?: string;
}

/** Where a value stands. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly path: string;
}

/** A value and where it stands, for complaints that need more than the value to be made. */
export interface Located<T> {
  readonly value: T;
  readonly place: Place;
}

/** `projects/shop.yaml line 14: managers.lead.effort is "hgih"; it must be low, medium or high.` */
export function describeComplaint({ severity, file, line, path, found, expected, fix }: Complaint): string {
  const subject = path === '' ? 'the file' : path;
  const must = severity === 'error' ? 'must' : 'should';
  const sentence = `${file} line ${line}: ${subject} is ${found}; it ${must} be ${expected}.`;
  return fix === undefined ? sentence : `${sentence} ${fix}`;
}

export function complaintAt(
  place: Place,
  words: Pick<Complaint, 'found' | 'expected' | 'fix'>,
  severity: Complaint['severity'] = 'error',
): Complaint {
  return { severity, ...place, ...words };
}

/** A value as it appears in a complaint: quoted, on one line, cut to a length a person reads. */
export function quoted(value: string): string {
  const characters = [...value];
  return JSON.stringify(characters.length > 60 ? `${characters.slice(0, 60).join('')}…` : value);
}

/** `low, medium or high` */
export function eitherOf(values: readonly string[]): string {
  const last = values.at(-1) ?? 'nothing';
  return values.length < 2 ? last : `${values.slice(0, -1).join(', ')} or ${last}`;
}
