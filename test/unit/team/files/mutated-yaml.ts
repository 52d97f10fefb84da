import fc from 'fast-check';

/** Valid files that between them use everything YAML has to offer. */
const originals = {
  compose: [
    'version: 2',
    'broker: { type: sqlite, path: state/mailbox.db }',
    'supervisor: &s',
    '  type: tmux',
    '  tmux_prefix: "a-"',
    '  drain_timeout_secs: 4',
    'budget: { daily_usd_limit: 1.5, per_project_usd_limit: { shop: 2 } }',
    'rate_limits:',
    '  hooks:',
    '    - { name: x, action: wait, command: [a, b] }',
    'projects:',
    '  - file: projects/shop.yaml',
    '',
  ].join('\n'),
  project: [
    '---',
    'version: 2 # of the format',
    'project:',
    '  id: shop',
    "  name: 'The Shop'",
    '  cwd: ..',
    'channels:',
    '  - name: all',
    '    members: "*"',
    'managers:',
    '  lead: &lead',
    '    model: !name opus',
    '    can_dm: [cart, pay]',
    '    can_broadcast: [all]',
    'workers:',
    '  pay:',
    '    runtime: codex',
    '    reports_to: lead',
    '    effort: high',
    '  ? cart',
    '  : *lead',
    '  copy:',
    '    role_prompt: >-',
    '      roles/copy.md',
    '',
  ].join('\n'),
  runtime:
    'binary: rob\nenv: { A: b }\nrate_limit_patterns:\n  - match: "limit"\ndrain:\n  second_ask: C-c\n',
};

const scraps = [
  '',
  ' ',
  '\n',
  '\t',
  ':',
  ': ',
  '- ',
  '? ',
  '&a ',
  '*a',
  '*lead',
  '!',
  '!!int ',
  '|',
  '>-\n',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  ',',
  '#',
  ' #',
  '---\n',
  '...\n',
  '%YAML 1.1\n',
  '<<: *lead',
  '~',
  'null',
  '0x1f',
  '-1',
  '1e400',
  '\u0000',
  '\u0085',
  '\u2028',
  '\ufeff',
  '\ud83d',
  '😀',
  'a'.repeat(2000),
  '['.repeat(300),
  '{a: '.repeat(300),
  '- '.repeat(300),
  '__proto__: 1\n',
  'constructor: {}\n',
  'id: ../../x\n',
  '\r',
  '@',
  '`',
] as const;

const cut = fc.record({ from: fc.nat(400), length: fc.nat(40), scrap: fc.constantFrom(...scraps) });

/** The file with up to three stretches of it replaced by something that upsets parsers. */
export function mutatedYaml(kind: keyof typeof originals): fc.Arbitrary<string> {
  return fc.array(cut, { maxLength: 3 }).map((cuts) => {
    return cuts.reduce((text, { from, length, scrap }) => {
      const start = from % (text.length + 1);
      return text.slice(0, start) + scrap + text.slice(start + (length % 8));
    }, originals[kind]);
  });
}
