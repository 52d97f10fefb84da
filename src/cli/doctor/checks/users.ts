import { statSync } from 'node:fs';
import { userName } from '../../../supervisor/programs/user-name.ts';
import { socketPath } from '../../../supervisor/tmux/socket.ts';
import { type Examined, observeAgents } from '../facts.ts';
import { broken, type Check, ok, skipped } from '../finding.ts';

/** An agent does what a language model says. Under the bot's user it could read the bot's tokens and say who is an operator. */
export const users: Check = {
  name: 'two users',
  async run(examined) {
    const { team, uid } = examined;
    if (team.kind === 'missing') return [skipped('the team first')];
    const seen = await observeAgents(team.root, examined).catch(() => undefined);
    if (seen === undefined) return [skipped('the back-end first')];
    const bot = userName(uid);
    const running = [...seen.agents.values()].flatMap((each) =>
      each.state === 'running' ? [ownerOf(`/proc/${each.incarnation.pid}`)] : [],
    );
    const known = running.filter((owner) => owner !== undefined);
    const own = known.filter((owner) => owner === uid).length;
    if (own > 0)
      return [
        together(
          `${own} of ${known.length} running agents ${own === 1 ? 'is' : 'are'} ${bot}, as the bot is`,
        ),
      ];
    if (known.length > 0) {
      const others = [...new Set(known)].map(userName).join(', ');
      return [ok(`agents run as ${others}, the bot as ${bot}`)];
    }
    const server = seen.type === 'tmux' ? ownerOf(socketPath(examined.agentEnv)) : undefined;
    if (server !== undefined && server !== uid) {
      return [ok(`agents would run as ${userName(server)}, whose tmux server it is; the bot is ${bot}`)];
    }
    return [together(`agents would run as ${bot}, as the bot does`)];
  },
};

function together(found: string): ReturnType<typeof broken> {
  return broken(
    `${found}: whatever an agent runs can read the tokens in .env and change who is an operator`,
    'For trying Muster out that is how it is. Otherwise give the bot a user of its own: docs/security.md, "Two users".',
  );
}

function ownerOf(path: string): Examined['uid'] | undefined {
  return statSync(path, { throwIfNoEntry: false })?.uid;
}
