import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  budgetText,
  environmentText,
  type UnitSettings,
  unitNames,
  unitText,
} from '../../../../src/supervisor/systemd/unit-file.ts';
import { commandText } from '../../../../src/supervisor/systemd/unit-text.ts';
import { splitCommand, splitEnvironment } from '../../../fakes/systemd/systemd-words.ts';

const agent = {
  id: 'shop:dev',
  project: 'shop',
  agent: 'dev',
  backend: 'systemd',
  session: 't-shop-dev',
  wrapper: '/srv/team/bin/agent-wrapper.sh',
  cwd: '/srv/team',
  envFile: '/srv/team/state/envs/shop-dev.env',
} as const;
const settings: UnitSettings = {
  root: '/srv/team',
  terminal: '/opt/terminal.sh',
  launcher: '/opt/launcher.sh',
  receipt: '/opt/receipt.sh',
  environmentFile: '/run/user/1000/systemd/user/x.env',
  budgetMs: 10_000,
  restart: { delayMs: 5000, starts: 10, withinMs: 300_000 },
};

describe('the unit of an agent', () => {
  it('is this text', () => {
    expect(unitText(agent, settings)).toMatchInlineSnapshot(`
      "# Written by Muster for shop:dev; written anew at every start.
      [Unit]
      Description=Muster agent shop:dev
      StartLimitIntervalSec=300s
      StartLimitBurst=10

      [Service]
      Type=exec
      ExecStart="/usr/bin/env" "bash" "/opt/terminal.sh" "/srv/team/state/envs/shop-dev.env" "/srv/team/bin/agent-wrapper.sh" "shop:dev" "/opt/launcher.sh" "/srv/team"
      ExecStopPost="/bin/sh" "/opt/receipt.sh" "/srv/team" "shop" "dev"
      EnvironmentFile=/run/user/1000/systemd/user/x.env
      Restart=always
      RestartSec=5s
      KillMode=mixed
      KillSignal=SIGINT
      SendSIGKILL=yes
      TimeoutStopSec=10s
      SuccessExitStatus=130 SIGINT
      OOMPolicy=continue
      StandardInput=null
      StandardOutput=journal
      StandardError=journal
      SyslogIdentifier=muster-agent
      "
    `);
  });

  const cases: [string, Partial<UnitSettings>, string][] = [
    ['a budget of seconds', { budgetMs: 45_000 }, 'TimeoutStopSec=45s'],
    ['a budget of milliseconds', { budgetMs: 1500 }, 'TimeoutStopSec=1500ms'],
    [
      'no budget, which systemd would take for no limit, and the receipt for none at all',
      { budgetMs: 0 },
      'TimeoutStopSec=1s',
    ],
    ['a user of the host', { user: 'agents' }, 'User=agents'],
    [
      'a short wait before the next start',
      { restart: { ...settings.restart, delayMs: 50 } },
      'RestartSec=50ms',
    ],
    [
      'a directory with a percent sign',
      { environmentFile: '/run/50%/x.env' },
      'EnvironmentFile=/run/50%%/x.env',
    ],
    [
      'a program with all that systemd takes apart',
      { receipt: `/o p/$x%h"q'\\;\n` },
      String.raw`ExecStopPost="/bin/sh" "/o p/$$x%%h\"q'\\;\x0a" "/srv/team" "shop" "dev"`,
    ],
  ];
  it.each(cases)('says %s', (_, changed, line) => {
    expect(unitText(agent, { ...settings, ...changed }).split('\n')).toContain(line);
  });

  it('is laid over with another budget for one stop', () => {
    expect(budgetText(70_000)).toContain('[Service]\nTimeoutStopSec=70s\n');
    expect(budgetText(0)).toContain('TimeoutStopSec=1s');
    expect(budgetText(0.3)).toContain('TimeoutStopSec=1s');
  });

  it('has words that systemd reads as they were written', () => {
    const word = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', ''));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (words) => {
        const line = commandText(words);
        expect(line).not.toContain('\n');
        expect(splitCommand(line)).toEqual(words);
      }),
    );
  });

  it('gives the agent an environment that systemd reads as it was written', () => {
    const name = fc.stringMatching(/^IN_[A-Z0-9_]{1,8}$/);
    const value = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', ''));
    fc.assert(
      fc.property(fc.dictionary(name, value), (env) => {
        expect(splitEnvironment(environmentText(env))).toEqual({ ...env, TERM: 'xterm-256color' });
      }),
    );
  });

  it('gives the agent nothing that systemd told the bot, nor the bot’s terminal', () => {
    const env = {
      INVOCATION_ID: 'x',
      NOTIFY_SOCKET: 'x',
      TMUX: 'x',
      TERM: 'dumb',
      PWD: '/',
      GOOD: 'yes',
      'A-B': 'x',
    };
    expect(splitEnvironment(environmentText(env))).toEqual({ GOOD: 'yes', TERM: 'xterm-256color' });
  });
});

describe('the name of a unit', () => {
  const { unitOf } = unitNames('/srv/team', 'user', 1000);

  it('is another for every agent', () => {
    const id = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/);
    fc.assert(
      fc.property(id, id, id, id, (project, name, otherProject, otherName) => {
        const isSame = project === otherProject && name === otherName;
        const one = unitOf({ project, agent: name });
        expect(one === unitOf({ project: otherProject, agent: otherName })).toBe(isSame);
        expect(one).toMatch(/^muster-[0-9a-f]{10}\.[\w-]+\.[\w-]+\.service$/);
        expect(one.length).toBeLessThan(255);
      }),
    );
    expect(unitOf({ project: 'a-b', agent: 'c' })).not.toBe(unitOf({ project: 'a', agent: 'b-c' }));
  });

  it('is another in another tree, under another manager and for another user', () => {
    const names = [
      unitNames('/srv/team', 'user', 1000),
      unitNames('/srv/other', 'user', 1000),
      unitNames('/srv/team', 'system', 1000),
      unitNames('/srv/team', 'user', 1001),
    ];
    expect(new Set(names.map((each) => each.unitOf(agent))).size).toBe(4);
    expect(new Set(names.map((each) => each.pattern)).size).toBe(4);
  });
});
