const command = '/team';

/**
 * What the text could become: `options` to choose from, and a `hint` about the command that is being written.
 * An option is `{ insert, label, about }`; `insert` replaces the whole text. `isWhole`: the last word can stand as it is.
 */
export function completionsFor(text, { commands, agents }) {
  if (!text.startsWith('/')) return nothing;
  if (!/\s/.test(text)) {
    if (!command.startsWith(text)) return nothing;
    return { options: [{ insert: `${command} `, label: command, about: 'talk to Muster' }] };
  }
  const [name, verb = '', ...rest] = text.split(/\s+/);
  if (name !== command) return nothing;
  if (rest.length === 0)
    return {
      isWhole: commands.some((each) => each.name === verb),
      options: commands.filter((each) => each.name.startsWith(verb)).map(verbOption),
    };
  const found = commands.find((each) => each.name === verb);
  if (!found) return nothing;
  const partial = rest.at(-1);
  const before = rest.slice(0, -1);
  const start = text.slice(0, text.length - partial.length);
  const words = argumentsOf(found.usage, before, { commands, agents });
  return {
    isWhole: words.includes(partial),
    hint: { usage: `${command} ${found.name} ${found.usage}`, summary: found.summary },
    options: words
      .filter((word) => word.startsWith(partial) && word !== partial)
      .map((word) => ({ insert: `${start}${word} `, label: word, about: '' })),
  };
}

const nothing = { options: [] };

function verbOption({ name, usage, summary }) {
  return { insert: `${command} ${name} `, label: `${command} ${name} ${usage}`.trim(), about: summary };
}

/** Words that the usage allows next: of what stands by its place, the first that isn't written yet; options any time. */
function argumentsOf(usage, before, { commands, agents }) {
  const tokens = usage.match(/\S+/g) ?? [];
  const flags = tokens.filter(isFlag).map((token) => token.replace(/[[\]]/g, ''));
  const places = tokens.filter((token) => !isFlag(token));
  const place = places[before.filter((word) => !word.startsWith('--')).length] ?? '';
  return [...wordsFor(place, { commands, agents }), ...flags.filter((flag) => !before.includes(flag))];
}

function isFlag(token) {
  return /^\[?--/.test(token);
}

function wordsFor(place, { commands, agents }) {
  const projects = [...new Set(agents.map((id) => id.split(':')[0]))];
  const plain = place.replace(/[[\]]/g, '');
  if (plain === 'verb') return commands.map(({ name }) => name);
  if (plain === 'project') return projects;
  if (plain === 'project:agent') return place.includes('[:') ? [...projects, ...agents] : agents;
  return /^\d/.test(plain) ? [plain] : [];
}
