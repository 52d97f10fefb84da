import { App, LogLevel } from '@slack/bolt';
import { type SlackStandIn, type SlackStandInOptions, startSlackStandIn } from '../src/slack-stand-in.ts';

const nothing = () => undefined;
/** Faults make Bolt log errors, and are what some tests are about. */
const silent = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  setName: nothing,
  getLevel: () => LogLevel.ERROR,
};

export interface AppUnderTest extends AsyncDisposable {
  readonly slack: SlackStandIn;
  readonly app: App;
}

/** The stand-in with a real Bolt app connected to it by nothing but tokens and the API's address. */
export async function startAppUnderTest(
  listen: (app: App) => void = () => undefined,
  options: SlackStandInOptions = {},
): Promise<AppUnderTest> {
  const slack = await startSlackStandIn(options);
  const app = new App({
    token: slack.botToken,
    appToken: slack.appToken,
    socketMode: true,
    logger: silent,
    clientOptions: {
      slackApiUrl: slack.apiUrl,
      retryConfig: { retries: 1, minTimeout: 1, maxTimeout: 1 },
      rejectRateLimitedCalls: true,
      timeout: 500,
    },
  });
  listen(app);
  await app.start();
  return {
    slack,
    app,
    async [Symbol.asyncDispose]() {
      await app.stop();
      await slack.waitForSockets((open) => open === 0);
      await slack.close();
    },
  };
}
