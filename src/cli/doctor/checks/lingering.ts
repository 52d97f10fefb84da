import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { openTeamBackend } from '../../../supervisor/backends.ts';
import { userName } from '../../../supervisor/programs/user-name.ts';
import { unitName, userUnitDirectory } from '../../service/bot-unit.ts';
import { broken, type Check, ok } from '../finding.ts';

/** Services of a user end when the user logs out, unless the user lingers. */
export const lingering: Check = {
  name: 'lingering',
  async run(examined) {
    const { team, agentEnv, env, uid } = examined;
    if (process.platform !== 'linux') return [ok('a matter of systemd alone')];
    const type =
      team.kind === 'found'
        ? await openTeamBackend(team.root, agentEnv).then(
            ({ type }) => type,
            () => '',
          )
        : '';
    const whose = [
      ...(type === 'systemd' ? ['the agents'] : []),
      ...(existsSync(join(userUnitDirectory(env), unitName)) ? ['the bot'] : []),
    ];
    if (whose.length === 0) return [ok('not needed: nothing here is a service of a user')];
    const user = userName(uid);
    const isOne = whose.join() === 'the bot';
    const services = `${whose.join(' and ')} ${isOne ? 'is a service' : 'are services'} of ${user}`;
    if (existsSync(`/var/lib/systemd/linger/${user}`)) return [ok(`${services}, who lingers`)];
    return [
      broken(
        `${services}, and ${isOne ? 'ends' : 'end'} when ${user} logs out`,
        `loginctl enable-linger ${user}`,
      ),
    ];
  },
};
