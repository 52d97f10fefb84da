import { expect, test } from 'vitest';
import { chapter, missing, type Proof, readme } from './documents.ts';

const proof = (file: string, name: string): Proof => ({ file, name });

/** What would be red if Muster did not keep a promise of the README. */
const keptBy: Readonly<Record<string, readonly Proof[]>> = {
  'Exactly the agent named': [
    proof('e2e/slack/neighbours.test.ts', 'with dev dead, draining dev finds nothing to do'),
    proof('e2e/slack/neighbours.test.ts', 'with dev dead, a hard down of dev finds nothing to kill'),
    proof('contract/tmux/targets.test.ts', 'on tmux, exactly the agent named is meant'),
  ],
  'Stopped means gone': [
    proof('contract/tmux/escapees.test.ts', 'on tmux, stopped means gone'),
    proof('unit/operations/run/run-plan.test.ts', 'a survivor never gets a second copy beside it'),
    proof(
      'unit/operations/run/run-plan.test.ts',
      'a kill that leaves survivors is a failure that names them',
    ),
    proof('contract/tmux/orphans.test.ts', 'is stopped by a down'),
    proof(
      'unit/slack/cards/status-rows.test.ts',
      'an agent that has outlived its session is told with its pid',
    ),
  ],
  'Unknown is not stopped': [
    proof('contract/tmux/unknown.test.ts', 'what tmux cannot be asked about is unknown, never stopped'),
  ],
  'A hard stop asks first': [
    proof('e2e/slack/confirmations.test.ts', 'kills nothing until its button is pressed'),
    proof('e2e/slack/confirmations.test.ts', 'a drain with no time at all asks first'),
    proof('e2e/slack/confirmations.test.ts', 'a reload that touches several projects asks first'),
    proof(
      'e2e/slack/confirmations.test.ts',
      'if an agent has changed since the card was shown nothing is killed',
    ),
    proof('e2e/slack/confirmations.test.ts', 'of two presses one counts'),
    proof('unit/domain/confirmation.test.ts', 'a reload by force'),
  ],
  'What happens by itself is told': [
    proof('e2e/alerts/alerts.test.ts', 'an agent that ends on the host is told at once'),
    proof('e2e/alerts/alerts.test.ts', 'because their tmux server does, are one message that says so'),
    proof('e2e/alerts/alerts.test.ts', 'what is muted is counted, and told when the mute is ended'),
    proof(
      'unit/watch/alerts/alert-grouping.test.ts',
      'after a silence says from when to when, and what happened meanwhile',
    ),
    proof('unit/watch/alerts/crash-loops.test.ts', 'the fifth death within fifteen minutes is a crash loop'),
    proof('unit/slack/commands/status.test.ts', 'in a crash loop first, though it runs at this moment'),
  ],
  'Silence is told, too': [
    proof('e2e/alerts/silence.test.ts', 'Slack itself tells the alert channel within ten minutes'),
    proof('e2e/alerts/silence.test.ts', 'a bot that is stopped as it should be is not missed'),
    proof('e2e/alerts/silence.test.ts', 'with SLACK_SILENCE_ALERT=off nothing is scheduled'),
  ],
  'Rights fail closed': [
    proof('e2e/slack/rights.test.ts', 'with no operators at all nobody may change anything'),
    proof('e2e/slack/rights.test.ts', 'in a channel that is not listed nobody gets'),
    proof('e2e/slack/rights.test.ts', 'the buttons of a status are no way around it'),
  ],
  'Agents outlive the bot': [
    proof('e2e/crash/service-survives.test.ts', 'and no other agent notices'),
    proof(
      'e2e/crash/service-survives.test.ts',
      'an upgrade: the newer one takes up the journal of the older',
    ),
    proof('contract/tmux/start-server.test.ts', 'and of the agents nothing'),
    proof('e2e/cli/setup-service.test.ts', 'a stop ends it with 0, and leaves the agents alone'),
  ],
  'An accepted command runs once and is not forgotten': [
    proof('e2e/crash/crash.test.ts', 'is done once and told once when Muster is back'),
    proof('e2e/slack/connection.test.ts', 'a command that Slack delivers twice acts once'),
    proof('unit/operations/run/power-cut.test.ts', 'killed at any of its writes tears no file'),
    proof('unit/operations/recovery.test.ts', 'an operation of a process that died'),
    proof(
      'e2e/crash/journal-trouble.test.ts',
      'on a full disk status still works and nothing destructive runs',
    ),
  ],
  'Slack’s tokens stay with the bot': [
    proof('e2e/environment.test.ts', 'nothing of Slack’s, of Muster’s settings or of npm’s reaches an agent'),
    proof('e2e/slack/outside-text.test.ts', 'pings nobody, and has no token in it'),
    proof('e2e/slack/outside-text.test.ts', 'nor does it have one in the logs'),
  ],
  'Nobody else is touched': [
    proof('e2e/environment.test.ts', 'the bot has connections and listens on no port'),
    proof('contract/tmux/neighbours.test.ts', 'no verb touches anybody but the agent named'),
    proof('e2e/crash/chaos.test.ts', 'nobody else is touched'),
    proof('contract/tmux/other-user.test.ts', 'another’s process that is named as one of them survives'),
  ],
};

test('every promise of the README has a test that would be red without it', () => {
  const promised = [...chapter(readme, 'What it promises').matchAll(/^- \*\*(.*?)\.?\*\*/gm)].map(
    ([, promise = '']) => promise.replaceAll("'", '’'),
  );

  expect(promised).toEqual(Object.keys(keptBy));
});

test('the tests that hold the promises are there', () => {
  expect(missing(Object.values(keptBy).flat())).toEqual([]);
});
