import { App } from '@slack/bolt';
import { describe, expect, test } from 'vitest';
import { buttonsOf } from '../../../packages/slack-stand-in/src/render/buttons.ts';
import { createSlackApp } from '../../../src/slack/app.ts';
import { buttons } from '../../../src/slack/buttons/all-buttons.ts';
import { commands } from '../../../src/slack/commands/all-commands.ts';
import type { Desk } from '../../../src/slack/commands/command.ts';
import type { Deed } from '../../../src/slack/guard/guard.ts';
import { actions, button } from '../../../src/slack/markup/blocks.ts';
import { projectYaml } from '../operations/team-under-test.ts';
import { startBot } from './bot-under-test.ts';
import { keptLog } from './slack-under-test.ts';

/** The app behind a guard that lets nobody through, with a desk that must not be touched. */
async function lockedApp() {
  const deeds: Deed[] = [];
  const touched: PropertyKey[] = [];
  const log = keptLog();
  const writer = { existing: (channel: string, ts: string) => ({ channel, ts, edit: () => undefined }) };
  const desk = new Proxy({ writer } as unknown as Desk, {
    get(target, name) {
      if (name !== 'writer') touched.push(name);
      return Reflect.get(target, name);
    },
    ownKeys: () => ['writer'],
  });
  const app = createSlackApp({
    receiver: { init: () => undefined, start: async () => undefined, stop: async () => undefined },
    botToken: 'xoxb-test',
    clientOptions: {
      fetch: async () => Response.json({ ok: true, user_id: 'U0BOT', bot_id: 'B0BOT', team_id: 'T0' }),
    },
    guard: {
      async pass(deed) {
        deeds.push(deed);
        await deed.ack();
      },
      idle: async () => undefined,
    },
    desk,
    redact: (text) => text,
    log,
  });
  const acked: unknown[] = [];
  const send = (body: Record<string, unknown>) =>
    app.processEvent({ body, ack: async (answer?: unknown) => void acked.push(answer) });
  return { app, deeds, touched, acked, send, log };
}

function listenersOf(app: App): readonly unknown[] {
  return (app as unknown as { listeners: readonly unknown[] }).listeners;
}

function globalMiddlewareOf(app: App): number {
  return (app as unknown as { middleware: readonly unknown[] }).middleware.length;
}

function bareApp(): App {
  const receiver = { init: () => undefined, start: async () => undefined, stop: async () => undefined };
  return new App({ token: 'xoxb-test', receiver, deferInitialization: true });
}

const typed = (text: string) => ({
  command: '/team',
  text,
  user_id: 'U0ANA',
  team_id: 'T0',
  channel_id: 'C0OPS',
  trigger_id: `t-${text}`,
  response_url: 'https://hooks.slack.test/x',
});

const click = (id: string) => ({
  type: 'block_actions',
  user: { id: 'U0ANA', team_id: 'T0' },
  team: { id: 'T0' },
  channel: { id: 'C0OPS' },
  container: { type: 'message', message_ts: '1.2', channel_id: 'C0OPS', is_ephemeral: false },
  actions: [{ type: 'button', action_id: id, block_id: 'b', value: '{}', action_ts: '3.4' }],
  response_url: 'https://hooks.slack.test/x',
});

describe('every way from Slack into Muster', () => {
  test('is a command or a button that is listed', async () => {
    const { app } = await lockedApp();

    expect(listenersOf(app)).toHaveLength(1 + buttons.length);
  });

  test('goes to the guard first, whatever Bolt was told to listen to', async () => {
    const { app, deeds, touched } = await lockedApp();
    const body = click('x');
    const said: string[] = [];
    const says = (what: string) => async () => void said.push(what);
    const anything = {
      command: typed(''),
      body,
      action: body.actions[0],
      ack: async () => undefined,
      respond: says('respond'),
      say: says('say'),
      event: {},
      view: {},
      shortcut: {},
    };

    const handlers = listenersOf(app).map((middleware) =>
      (middleware as (typeof Function.prototype)[]).at(-1),
    );
    for (const handler of handlers) await handler?.(anything);

    expect(deeds).toHaveLength(handlers.length);
    expect([said, touched]).toEqual([[], []]);
    expect(globalMiddlewareOf(app)).toBe(globalMiddlewareOf(bareApp()));
  });

  test.each(commands.map(({ name, effect }) => [name, effect]))(
    'passes the guard: /team %s, which %s',
    async (name, effect) => {
      const { deeds, touched, acked, send } = await lockedApp();

      await send(typed(name));

      expect(deeds).toMatchObject([
        {
          effect,
          text: `/team ${name}`,
          asker: { person: 'U0ANA', team: 'T0', channel: 'C0OPS', delivery: `command t-${name}` },
        },
      ]);
      expect([acked, touched]).toEqual([[undefined], []]);
    },
  );

  test.each(buttons.map(({ id, effect }) => [id, effect]))(
    'passes the guard: the button %s, which %s',
    async (id, effect) => {
      const { deeds, touched, acked, send } = await lockedApp();

      await send(click(id));

      expect(deeds).toMatchObject([
        {
          effect,
          text: `${id} {}`,
          asker: { person: 'U0ANA', team: 'T0', channel: 'C0OPS', delivery: `action 1.2 ${id} 3.4 U0ANA` },
        },
      ]);
      expect([acked, touched]).toEqual([[undefined], []]);
    },
  );

  test('a button with a number is the button', async () => {
    const { deeds, send } = await lockedApp();

    await send(click('agent_logs.3'));

    expect(deeds).toMatchObject([{ effect: 'reveals', text: 'agent_logs {}' }]);
  });

  test('a button that is not ours does nothing', async () => {
    const { deeds, send } = await lockedApp();

    await send(click('somebody_elses'));

    expect(deeds).toEqual([]);
  });
});

describe('where the alert channel is none of those in which Muster answers', () => {
  const apart = {
    channels: ['ops'],
    agents: { 'shop:pay': { drain: 'stubborn' } },
    slack: { channels: [{ name: 'ops' }, { name: 'alerts' }, { name: 'third' }] },
  } as const;
  async function withAlert() {
    const bot = await startBot(apart);
    await bot.say('ana', '/team drain shop:pay 1s');
    const alert = bot.last('alerts');
    return { bot, alert };
  }

  test('the buttons of an alert work there, and those of what they lead to', async () => {
    const { bot, alert } = await withAlert();
    await using _ = bot;

    await bot.press('bo', alert, 'Why');
    expect(bot.last('alerts').text).toContain('shop:pay');
    await bot.press('ana', alert, 'Mute 1 h');
    expect(bot.last('alerts').text).toContain(':mute: Alerts about *shop:pay* are muted');
    await bot.press('ana', bot.last('alerts'), 'Unmute');
    expect(bot.last('alerts').text).toContain('are told again');
    await bot.press('ana', alert, 'agent_budget.0');
    expect(bot.last('alerts').text).toMatch(/^:stopwatch: \*shop:pay\* gets \d+ s to stop/);
    await bot.press('ana', alert, 'Reload');
    expect(bot.last('alerts').text).toMatch(/^\*shop:pay\*: nothing was done/);
  });

  test('and they ask for the same rights as anywhere', async () => {
    const { bot, alert } = await withAlert();
    await using _ = bot;

    await bot.press('bo', alert, 'Reload');

    expect(bot.last('alerts').text).toContain('You may look but not change anything.');
  });

  test('what is typed there is refused', async () => {
    const { bot } = await withAlert();
    await using _ = bot;

    await bot.say('ana', '/team status', 'alerts');

    expect(bot.last('alerts').text).toContain('`SLACK_CHANNELS=...,C0ALERTS000`');
  });

  test('a button in a third channel is refused', async () => {
    await using bot = await startBot(apart);
    const { workspace } = bot.slack;
    const card = alertCardLike();
    await fetch(`${bot.slack.apiUrl}chat.postMessage`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bot.slack.botToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ channel: workspace.channel('third').id, ...card }),
    });

    await bot.press('ana', bot.last('third'), 'Why');

    expect(bot.last('third').text).toContain('`SLACK_CHANNELS=...,C0THIRD0000`');
  });

  const alertCardLike = () => ({
    text: 'x',
    blocks: [actions([button({ action: 'agent_why', label: 'Why', value: 'shop:pay' })])],
  });

  test('whose message it was that a button stood in is what Slack says, of messages that stand there for all', async () => {
    const { deeds, send } = await lockedApp();
    const body = click('agent_why');
    const message = { type: 'message', user: 'U0MUSTERBOT', ts: '1.2', text: 'x' };

    await send({ ...body, message });
    await send({ ...body, message: { ...message, user: 'U0EVE' } });
    await send({ ...body, message, container: { ...body.container, is_ephemeral: true } });
    await send({ ...body, message, container: { ...body.container, type: 'message_attachment' } });
    await send({ ...body, message, container: { ...body.container, channel_id: 'C0OTHER' } });
    await send(body);
    await send(typed('status'));

    expect(deeds.map(({ asker }) => asker.pressedOn)).toEqual([
      'U0MUSTERBOT',
      'U0EVE',
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('in an Enterprise Grid', () => {
  const here = 'T0SANDBOX00';
  const people = [
    { name: 'ana', grid: { home: 'T0GRIDHOME0', teams: ['T0GRIDHOME0', here] } },
    { name: 'lee', grid: { home: 'T0GRIDHOME0', teams: ['T0GRIDHOME0'] } },
    { name: 'eve', kind: 'stranger', grid: { home: 'T0ELSEWHERE', teams: ['T0ELSEWHERE'] } },
  ] as const;

  test('a member who came from another workspace may press what they may type', async () => {
    await using bot = await startBot({ slack: { people } });
    await bot.say('ana', '/team status shop:pay');
    const card = bot.last();

    await bot.press('ana', card, 'status_refresh');
    await bot.press('ana', card, 'Logs');

    expect(bot.last().text).not.toContain('Muster answers only');
    expect(bot.slack.messages('ops')[0]?.edits).toBe(1);
  });

  test.each(['lee', 'eve'])('%s, who is not of this workspace, may press nothing', async (who) => {
    await using bot = await startBot({ slack: { people }, operators: ['ana', who] });
    await bot.say('ana', '/team status shop:pay');
    const card = bot.last();

    await bot.press(who, card, 'status_refresh');
    await bot.press(who, card, 'Logs');

    expect(card.edits).toBe(0);
    expect(
      bot.slack
        .messages('ops')
        .slice(1)
        .map(({ text }) => text),
    ).toEqual([
      expect.stringMatching(/^Muster answers only to full members of this workspace/),
      expect.stringMatching(/^Muster answers only to full members of this workspace/),
    ]);
  });

  test('it counts where somebody pressed, not where they came from', async () => {
    const { deeds, send } = await lockedApp();
    const body = click('status_refresh');

    await send({ ...body, user: { id: 'U0ANA', team_id: 'T0HOME' } });
    await send({ ...body, user: { id: 'U0EVE', team_id: 'T0' }, team: { id: 'T0HOME' } });
    await send({ ...body, user: { id: 'U0EVE', team_id: 'T0' }, team: null, enterprise: { id: 'E0' } });

    expect(deeds.map(({ asker }) => asker.team)).toEqual(['T0', 'T0HOME', '']);
  });
});

describe('/team', () => {
  test.each([
    ['/team', /`\/team help \[verb\]`: .*`\/team down project\[:agent\]`/s],
    [
      '/team help drain',
      /^`\/team drain project\[:agent\] \[45s\]`: asks agents to stop.*\nFor example `\/team drain shop:pay 45s`$/,
    ],
    ['/team relaod shop', /There is no command `relaod`\. Did you mean `\/team reload`\?/],
    ['/team dance', /There is no command `dance`\. `\/team help` lists them all\./],
    [
      '/team down',
      /Name one project or one agent\. Usage: `\/team down project\[:agent\]`, for example `\/team down shop`\./,
    ],
    ['/team drain shop soon', /A budget is written like 45s or 2m, from 0s to 600s\. Usage:/],
    ['/team drain shop 601s', /A budget is written like/],
    [
      '/team reload shop blog',
      /blog is one word too many\. Usage: `\/team reload \[project\] \[--dry-run\] \[--force\]`/,
    ],
    ['/team reload --forec', /reload has no option --forec\. Did you mean --force\?/],
    ['/team reload —forec', /reload has no option --forec\. Did you mean --force\?/],
    ['/team status --json', /status has no option --json\. status has --me\./],
    ['/team status --<!here>', /status has no option --&lt;!here&gt;\. /],
    ['/team up shop --force', /up has no options, and --force is none\./],
    ['/team status a:b:c', /a:b:c is no name; a project is written like shop, an agent like shop:pay\./],
    ['/team drain shop:pya', /There is no agent shop:pya\. Did you mean shop:pay\?/],
    ['/team status --me', /whole team: 3 of 3 running/],
  ])('%s is answered to the person alone', async (text, words) => {
    await using bot = await startBot();

    await bot.say('ana', text);

    expect(bot.last().text).toMatch(words);
    expect(bot.last().onlyVisibleTo).toBe('U0ANA000000');
  });

  test('help says what the person may do', async () => {
    await using bot = await startBot();

    await bot.say('bo', '/team help');

    expect(JSON.stringify(bot.last().blocks)).toContain('You may look, not change.');
  });

  test('status is a table for the channel, and Refresh edits it in place', async () => {
    await using bot = await startBot();
    await bot.say('bo', '/team “status” shop');
    const card = bot.last();
    bot.team.supervisor.set('shop:pay', { state: 'stopped' });

    await bot.press('bo', card, 'status_refresh');

    expect(card.text).toBe('shop: 3 of 3 running');
    expect(bot.last().ts).toBe(card.ts);
    expect(bot.last().text).toBe('shop: 2 of 3 running · 1 stopped (shop:pay stopped)');
  });

  test('a table of too many agents has pages, and Refresh stays on the page that is shown', async () => {
    const workers = Array.from({ length: 70 }, (_, index) => `w${index}`);
    await using bot = await startBot({ tree: { projects: { shop: projectYaml('shop', 'lead', workers) } } });
    await bot.say('bo', '/team status');
    const card = bot.last();

    expect(JSON.stringify(card.blocks)).toContain('page 1 of 2, agents 1 to 60 of 71');
    await bot.press('bo', card, 'status_next');
    await bot.press('bo', bot.last(), 'status_refresh');

    expect(bot.last().ts).toBe(card.ts);
    expect(JSON.stringify(bot.last().blocks)).toContain('page 2 of 2, agents 61 to 71 of 71');
    await bot.press('bo', bot.last(), 'status_previous');
    expect(JSON.stringify(bot.last().blocks)).toContain('page 1 of 2');
  }, 30_000);

  test('a page that is gone by now shows the last one there is', async () => {
    await using bot = await startBot();
    await bot.say('bo', '/team status');
    const [refresh] = buttonsOf(bot.last());
    if (refresh === undefined) throw new Error('the status has no buttons');
    Object.assign(refresh.element, { value: '{"kind":"team","page":9}' });

    await bot.press('bo', bot.last(), 'status_refresh');

    expect(bot.last().edits).toBe(1);
    expect(JSON.stringify(bot.last().blocks)).toContain('shop:pay');
  });

  test('Logs under a status shows them to an operator alone, one button for each agent in trouble', async () => {
    await using bot = await startBot({
      agents: {
        'shop:pay': { state: 'restarting', lastLines: ['Traceback'] },
        'shop:cart': { state: 'unknown' },
      },
    });
    await bot.say('bo', '/team status');
    const card = bot.last();

    await bot.press('bo', card, 'Logs of shop:pay');
    expect(bot.last().text).toContain('Ask one of <@U0ANA000000>');
    await bot.press('ana', card, 'Logs of shop:pay');

    expect(bot.last().onlyVisibleTo).toBe('U0ANA000000');
    expect(JSON.stringify(bot.last().blocks)).toContain('Traceback');
    expect(buttonsOf(card).map(({ label }) => label)).toEqual([
      'Refresh',
      'Reload the team',
      'Logs of shop:cart',
      'Logs of shop:pay',
    ]);
  });

  test('a status of one agent leads to its logs, whatever its state', async () => {
    await using bot = await startBot();
    await bot.say('bo', '/team status shop:pay');

    expect(buttonsOf(bot.last()).map(({ label }) => label)).toEqual(['Refresh', 'Reload shop:pay', 'Logs']);
  });

  test('Refresh of a status that one person sees edits that', async () => {
    await using bot = await startBot();
    await bot.say('bo', '/team status shop --me');

    await bot.press('bo', bot.last(), 'status_refresh');

    expect(bot.slack.messages('ops')).toHaveLength(1);
    expect(bot.last().edits).toBe(1);
  });

  test('Reload under a status is checked like the command', async () => {
    await using bot = await startBot({ agents: { 'shop:pay': { state: 'stopped' } } });
    await bot.say('bo', '/team status shop');
    const card = bot.last();

    await bot.press('bo', card, 'status_reload');
    expect(bot.last().text).toMatch(/^You may look but not change anything\. Ask one of <@U0ANA000000>/);
    await bot.press('ana', card, 'status_reload');

    expect(bot.last().text).toMatch(/Reloaded \*shop\*: .*1 started/);
  });

  test('a command that comes twice is carried out once', async () => {
    await using bot = await startBot({ slack: { faults: [{ kind: 'duplicate-envelope' }] } });

    await bot.say('bo', '/team status');

    expect(bot.slack.messages('ops')).toHaveLength(1);
  });

  test('what a person types pings nobody', async () => {
    await using bot = await startBot();

    await bot.say('ana', '/team <!channel> *bold*');

    expect(bot.last().text).not.toContain('<!channel>');
  });
});
