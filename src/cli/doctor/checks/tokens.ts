import { isPassing } from '../../../slack/connection/failures.ts';
import { describeRefusal, type TokenName } from '../../../slack/connection/token-errors.ts';
import { type Answer, asked } from '../ask-slack.ts';
import { broken, type Check, type Finding, ok, skipped, warn } from '../finding.ts';

export const botToken: Check = {
  name: 'bot token',
  async run({ slack }) {
    if (slack.bot === undefined) return [skipped('SLACK_BOT_TOKEN first')];
    const identity = await slack.identity();
    if (identity.kind !== 'answer') return [notTaken('SLACK_BOT_TOKEN', identity)];
    const { user = '?', team = '?', is_enterprise_install: org } = identity.data;
    if (org) {
      return [
        broken(
          'the app is installed for a whole organisation',
          'Install it to one workspace and take that token.',
        ),
      ];
    }
    return [ok(`Slack takes it: @${user} in ${team}`)];
  },
};

export const appToken: Check = {
  name: 'app token',
  async run({ slack, settings }) {
    const { app } = slack;
    if (app === undefined) return [skipped('SLACK_APP_TOKEN first')];
    const opened = await asked(() => app.apps.connections.open());
    if (opened.kind !== 'answer') return [notTaken('SLACK_APP_TOKEN', opened)];
    const appOfToken = /^xapp-\d-(A[A-Z0-9]+)-/.exec(settings.SLACK_APP_TOKEN ?? '')?.[1];
    const identity = await slack.identity();
    const appOfBot = identity.kind === 'answer' ? identity.data.app_id : undefined;
    if (appOfToken !== undefined && typeof appOfBot === 'string' && appOfToken !== appOfBot) {
      return [
        broken(
          `it is of the app ${appOfToken}, and SLACK_BOT_TOKEN is of ${appOfBot}`,
          'Take both tokens from the same app.',
        ),
      ];
    }
    return [ok('Slack takes it and would open a connection')];
  },
};

function notTaken(name: TokenName, answer: Exclude<Answer<unknown>, { kind: 'answer' }>): Finding {
  if (answer.kind === 'unreachable') {
    return broken(
      `Slack could not be asked: ${answer.reason}`,
      'See to the way to slack.com: DNS, proxy, firewall.',
    );
  }
  if (isPassing(answer.error)) {
    return warn(
      `Slack could not answer (${answer.error})`,
      'Ask again in a minute; status.slack.com tells more.',
    );
  }
  const { found, mend } = describeRefusal(name, answer);
  return broken(found, mend);
}
