/** What was tried, and Slack's words for each part that it refused. */
export interface Trial {
  readonly name: string;
  readonly parts: readonly TrialPart[];
}

export interface TrialPart {
  /** `post`, `edit`, ... */
  readonly deed: string;
  /** Absent: Slack took it. */
  readonly trouble?: string;
}

export function isRefused({ parts }: Trial): boolean {
  return parts.some(({ trouble }) => trouble !== undefined);
}

/** One line, and one more for each refusal. */
export function trialLines(trial: Trial, nameWidth: number): readonly string[] {
  const parts = trial.parts.map(({ deed, trouble }) => `${deed} ${trouble === undefined ? 'ok' : 'REFUSED'}`);
  const mark = isRefused(trial) ? '✗' : '✓';
  return [
    `  ${mark} ${trial.name.padEnd(nameWidth)}  ${parts.join(', ')}`,
    ...trial.parts.flatMap(({ deed, trouble }) =>
      trouble === undefined ? [] : [`    ${' '.repeat(nameWidth)}  → ${deed}: ${trouble}`],
    ),
  ];
}
