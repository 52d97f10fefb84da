import { type Colour, paint, type Style, wrapped } from '../terminal/style.ts';
import type { Severity } from './finding.ts';
import type { CheckResult } from './run-checks.ts';

const marks: Readonly<Record<Severity, { readonly mark: string; readonly colour: Colour }>> = {
  ok: { mark: '✓', colour: 'green' },
  skipped: { mark: '·', colour: 'dim' },
  warn: { mark: '!', colour: 'yellow' },
  broken: { mark: '✗', colour: 'red' },
};

/** For a terminal: what was found, each trouble with its mend below it, and the sum in the last line. */
export function renderReport(results: readonly CheckResult[], style: Style): string {
  const column = Math.max(...results.map(({ check }) => check.length)) + 2;
  const indent = ' '.repeat(4 + column);
  const width = style.width - indent.length;
  const lines = results.flatMap(({ check, findings }) =>
    findings.flatMap((finding, index) => {
      const { mark, colour } = marks[finding.severity];
      const name = (index === 0 ? check : '').padEnd(column);
      const words = finding.severity === 'skipped' ? `not looked at: ${finding.found}` : finding.found;
      const [first = '', ...rest] = wrapped(onOneLine(words), width);
      const mend =
        'mend' in finding
          ? wrapped(onOneLine(finding.mend), width - 2).map((line, at) => (at === 0 ? '→ ' : '  ') + line)
          : [];
      return [
        `  ${paint(style, colour, mark)} ${name}${finding.severity === 'skipped' ? paint(style, colour, first) : first}`,
        ...rest.map((line) => indent + line),
        ...mend.map((line) => indent + paint(style, 'bold', line)),
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
