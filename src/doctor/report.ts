import type { CheckResult } from './examination.ts';
import type { Severity } from './finding.ts';

export interface ReportOptions {
  /** Characters in a line. */
  readonly width: number;
  readonly colour: boolean;
}

const marks: Readonly<Record<Severity, { readonly mark: string; readonly colour: number }>> = {
  ok: { mark: '✓', colour: 32 },
  skipped: { mark: '·', colour: 90 },
  warn: { mark: '!', colour: 33 },
  broken: { mark: '✗', colour: 31 },
};

/** For a terminal: what was found, each trouble with its mend below it, and the sum in the last line. */
export function renderReport(results: readonly CheckResult[], { width, colour }: ReportOptions): string {
  const column = Math.max(...results.map(({ check }) => check.length)) + 2;
  const indent = ' '.repeat(4 + column);
  const paint = (text: string, code: number) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const lines = results.flatMap(({ check, findings }) =>
    findings.flatMap((finding, index) => {
      const { mark, colour: code } = marks[finding.severity];
      const name = (index === 0 ? check : '').padEnd(column);
      const words = finding.severity === 'skipped' ? `not looked at: ${finding.found}` : finding.found;
      const [first = '', ...rest] = wrapped(onOneLine(words), width - indent.length);
      const mend =
        'mend' in finding
          ? wrapped(onOneLine(finding.mend), width - indent.length - 2).map(
              (line, at) => (at === 0 ? '→ ' : '  ') + line,
            )
          : [];
      return [
        `  ${paint(mark, code)} ${name}${finding.severity === 'skipped' ? paint(first, code) : first}`,
        ...rest.map((line) => indent + line),
        ...mend.map((line) => indent + paint(line, 1)),
      ];
    }),
  );
  return `${lines.join('\n')}\n\n${summary(results)}\n`;
}

function summary(results: readonly CheckResult[]): string {
  const count = (severity: Severity) =>
    results.flatMap(({ findings }) => findings).filter((finding) => finding.severity === severity).length;
  const brokenOnes = count('broken');
  const warnings = count('warn');
  if (brokenOnes === 0 && warnings === 0) return 'Nothing is wrong.';
  const said = [
    ...(brokenOnes > 0 ? [`${brokenOnes} ${brokenOnes === 1 ? 'thing is' : 'things are'} broken`] : []),
    ...(warnings > 0 ? [`${warnings} to look at`] : []),
  ];
  return `${said.join(', ')}. → says how to mend it.`;
}

/** Texts from outside must not move the cursor. */
function onOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();
}

/** Words longer than a line, such as paths, stay whole: they are there to be copied. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
