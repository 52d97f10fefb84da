import { parseArgs } from 'node:util';

export const usage = `npm run setup [-- OPTIONS]

Asks for what Muster needs to know, writes it to .env (mode 600) and has the doctor look at it. Tokens are asked for, or taken
from the environment, never from the command line.

  --yes                 asks nothing: takes the values from the environment
  --replace             with --yes: values of the environment go before those in .env;
                        with --service: a unit that is another one than this Muster's is written anew
  --service user        installs Muster as your own service of systemd
  --service system      installs it as a service of the host, with the agents under another user (as root;
                        docs/security.md, "Two users")
  --bot-user NAME       with --service system: whom the bot runs as; muster unless told
  --agents-user NAME    with --service system: whom the agents run as; agents unless told
`;

export interface Options {
  readonly help: boolean;
  readonly yes: boolean;
  readonly replace: boolean;
  readonly service: 'user' | 'system' | 'none' | undefined;
  readonly botUser: string;
  readonly agentsUser: string;
}

/** Throws an Error that says what is wrong with the words. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      yes: { type: 'boolean', default: false },
      replace: { type: 'boolean', default: false },
      service: { type: 'string' },
      'bot-user': { type: 'string', default: 'muster' },
      'agents-user': { type: 'string', default: 'agents' },
    },
  });
  const { service, help, yes, replace } = values;
  if (service !== undefined && service !== 'user' && service !== 'system' && service !== 'none') {
    throw new Error(`--service is "${service}"; it must be user, system or none`);
  }
  return { help, yes, replace, service, botUser: values['bot-user'], agentsUser: values['agents-user'] };
}
