import { likelyTypoOf } from '../../../language/likely-typo.ts';
import { settingNames } from '../../../settings.ts';
import type { Examined } from '../facts.ts';
import { broken, type Check, type Finding, ok, warn } from '../finding.ts';

export const settings: Check = {
  name: 'settings',
  run({ complaints, settings: right, envFile, inherited }) {
    const findings: Finding[] = complaints.map(({ name, found, expected, where }) =>
      broken(`${name} is ${found}`, `It must be ${expected}. Where to get it: ${where}.`),
    );
    if (complaints.length === 0) findings.push(ok(`all of them are right, ${source(envFile)}`));
    if (right.SLACK_OPERATORS?.length === 0) {
      findings.push(
        warn(
          'SLACK_OPERATORS is empty: nobody may change anything',
          'Add the member ids (U...) or user group ids (S...) of those who may.',
        ),
      );
    }
    return [...findings, ...doubled(envFile, inherited), ...misspelt(envFile)];
  },
};

function source({ path, values }: Examined['envFile']): string {
  return values === undefined ? 'from the environment alone' : `from ${path}`;
}

function doubled({ values = {}, path }: Examined['envFile'], inherited: Examined['inherited']): Finding[] {
  return settingNames
    .filter((name) => values[name] !== undefined && inherited[name] !== undefined)
    .filter((name) => values[name] !== inherited[name])
    .map((name) =>
      warn(
        `${name} has one value in the environment and another in ${path}; the environment wins`,
        `Keep one: \`unset ${name}\`, or take it out of the file.`,
      ),
    );
}

function misspelt({ values = {} }: Examined['envFile']): Finding[] {
  const known: readonly string[] = settingNames;
  return Object.keys(values)
    .filter((name) => !known.includes(name))
    .flatMap((name) => {
      const meant = settingNames.find((candidate) => likelyTypoOf(name, [candidate.toLowerCase()]));
      return meant === undefined
        ? []
        : [warn(`${name} in .env is no setting of Muster's`, `Did you mean ${meant}?`)];
    });
}
