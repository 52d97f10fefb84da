import type { Words } from '../language/read-words.ts';
import { UsageError } from '../language/refusals.ts';
import { optionsIn, type VerbInfo } from '../language/verb.ts';
import { verbsIn } from '../language/verbs.ts';
import { exitCodes } from './team/exit-codes.ts';

type Word = readonly [word: string, meaning: string];

const shells = { bash: bashText, zsh: zshText, fish: fishText };

export async function run({ rest: [shell = ''] }: Words, process: NodeJS.Process): Promise<number> {
  process.stdout.write(completionText(shell));
  return exitCodes.done;
}

/** A script that this shell reads to complete what stands after `muster`. Throws UsageError. */
export function completionText(shell: string): string {
  if (!Object.hasOwn(shells, shell)) {
    throw new UsageError(
      `${shell === '' ? 'The shell is missing' : `${shell} is no shell that is known here`}; there are bash, zsh and fish.`,
    );
  }
  return shells[shell as keyof typeof shells](verbsIn('terminal'));
}

/** What may stand after a verb, as far as the table knows. */
function wordsAfter(verb: VerbInfo): readonly Word[] {
  const first: readonly Word[] =
    verb.usage === '[verb]'
      ? verbsIn('terminal').map(({ name, summary }) => [name, summary])
      : verb.name === 'completion'
        ? Object.keys(shells).map((shell) => [shell, 'its completion'])
        : [];
  const options = optionsIn('terminal', verb).map(({ name, meaning }): Word => [`--${name}`, meaning]);
  return [...first, ...options];
}

function bashText(verbs: readonly VerbInfo[]): string {
  const only = (words: readonly Word[]) => words.map(([word]) => word).join(' ');
  return `# For ~/.bashrc: eval "$(muster completion bash)"
_muster() {
  local words=
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${verbs.map(({ name }) => name).join(' ')}"
  else
    case \${COMP_WORDS[1]} in
${verbs.map((verb) => `      ${verb.name}) words="${only(wordsAfter(verb))}" ;;`).join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}" || true))
}
complete -F _muster muster
`;
}

function zshText(verbs: readonly VerbInfo[]): string {
  const described = (words: readonly Word[]) =>
    words.map(([word, meaning]) => quoted(`${word}:${meaning}`)).join(' ');
  return `# For ~/.zshrc, after compinit: eval "$(muster completion zsh)"
_muster() {
  local -a found
  if (( CURRENT == 2 )); then
    found=(${described(verbs.map(({ name, summary }) => [name, summary]))})
  else
    case $words[2] in
${verbs.map((verb) => `      ${verb.name}) found=(${described(wordsAfter(verb))}) ;;`).join('\n')}
    esac
  fi
  _describe 'muster' found
}
compdef _muster muster
`;
}

function fishText(verbs: readonly VerbInfo[]): string {
  const line = (when: string, words: string) => `complete -c muster -n ${quoted(when)} ${words}`;
  const lines = verbs.flatMap((verb) => [
    line('__fish_use_subcommand', `-f -a ${verb.name} -d ${quoted(verb.summary)}`),
    ...wordsAfter(verb).map(([word, meaning]) => {
      const flag = word.startsWith('--') ? `-l ${word.slice(2)}` : `-a ${word}`;
      return line(`__fish_seen_subcommand_from ${verb.name}`, `-f ${flag} -d ${quoted(meaning)}`);
    }),
  ]);
  return `# For ~/.config/fish/completions/muster.fish\n${lines.join('\n')}\n`;
}

/** For a shell that is told by single quotes to leave a text as it is; fish, unlike the others, knows a backslash there. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", '’')}'`;
}
