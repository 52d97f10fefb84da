import { execa } from 'execa';
import { expect, test } from 'vitest';
import { completionText } from '../../../src/cli/completion.ts';
import { UsageError } from '../../../src/language/refusals.ts';
import { verbsIn } from '../../../src/language/verbs.ts';

/** What bash would offer for the last of these words. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
  const list = words.map((word) => `'${word}'`).join(' ');
  const script = `${completionText('bash')}
complete -p muster >/dev/null
COMP_WORDS=(muster ${list})
COMP_CWORD=${words.length}
_muster
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await execa('bash', ['-eu', '-c', script]);
  return stdout.split('\n').filter((word) => word !== '');
}

test.each([
  [['re'], ['reload', 'restart']],
  [[''], verbsIn('terminal').map(({ name }) => name)],
  [
    ['reload', '--'],
    ['--dry-run', '--force', '--yes', '--json'],
  ],
  [['reload', 'shop', '--d'], ['--dry-run']],
  [['live-check', '--c'], ['--channel']],
  [['help', 'dr'], ['drain']],
  [
    ['completion', ''],
    ['bash', 'zsh', 'fish'],
  ],
  [['up', ''], []],
  [['nonsense', ''], []],
])('bash completes muster %j with %j', async (words, expected) => {
  expect(await offered(...words)).toEqual(expected);
});

test('zsh and fish are told every verb and option, with what it is', () => {
  for (const verb of verbsIn('terminal')) {
    expect(completionText('zsh')).toContain(`'${verb.name}:`);
    expect(completionText('fish')).toContain(` -a ${verb.name} -d '`);
  }
  expect(completionText('zsh')).toContain("reload) found=('--dry-run:only shows the plan' ");
  expect(completionText('fish')).toContain(
    "complete -c muster -n '__fish_seen_subcommand_from reload' -f -l dry-run -d 'only shows the plan'\n",
  );
});

test('no text of the table ends the quotes it stands in', () => {
  const lines = [...completionText('zsh').split('\n'), ...completionText('fish').split('\n')];

  for (const line of lines) expect(line.split("'").length % 2).toBe(1);
});

test('another shell is refused with those that there are', () => {
  expect(() => completionText('tcsh')).toThrow(
    new UsageError('tcsh is no shell that is known here; there are bash, zsh and fish.'),
  );
  expect(() => completionText('')).toThrow('The shell is missing; there are bash, zsh and fish.');
});
