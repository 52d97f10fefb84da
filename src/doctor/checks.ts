import { backend } from './checks/backend.ts';
import { channels } from './checks/channels.ts';
import { envFile } from './checks/env-file.ts';
import { clock, disk } from './checks/host.ts';
import { journal } from './checks/journal.ts';
import { lingering } from './checks/lingering.ts';
import { manifest } from './checks/manifest.ts';
import { people } from './checks/people.ts';
import { settings } from './checks/settings.ts';
import { team } from './checks/team.ts';
import { appToken, botToken } from './checks/tokens.ts';
import { users } from './checks/users.ts';
import type { Check } from './finding.ts';

/** Everything the doctor looks at, in the order of the report. A new one: its file in `checks/`, and its line here. */
export const checks: readonly Check[] = [
  settings,
  envFile,
  botToken,
  appToken,
  manifest,
  channels,
  people,
  team,
  backend,
  users,
  lingering,
  journal,
  disk,
  clock,
];
