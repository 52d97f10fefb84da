import type { webApi } from '@slack/bolt';
import type { Log } from '../../log/log.ts';
import { lookUp } from '../connection/ask-again.ts';
import type { Workspace } from '../connection/web-client.ts';

/** What decides whether a person may do anything at all. */
export type Standing = 'member' | 'guest' | 'bot' | 'stranger' | 'unknown';

/** What Slack says of a person, as far as it decides. */
type SlackUser = NonNullable<webApi.UsersInfoResponse['user']>;

/** What somebody whom Slack knows is in the workspace of this id. */
export function standingOf(user: SlackUser, teamId: string | undefined): Standing {
  if (user.deleted || teamId === undefined) return 'unknown';
  if (user.is_stranger || !isOf(teamId, user)) return 'stranger';
  if (user.is_bot || user.id === 'USLACKBOT') return 'bot';
  return user.is_restricted || user.is_ultra_restricted ? 'guest' : 'member';
}

/** In an Enterprise Grid the list of somebody's workspaces counts: the team id beside it may be missing, or that of the workspace they came from. */
function isOf(teamId: string, { team_id, teams = [], enterprise_user }: SlackUser): boolean {
  const listed = [...teams, ...(enterprise_user?.teams ?? [])];
  return listed.length > 0 ? listed.includes(teamId) : team_id === teamId;
}

/** What Slack says about people and groups, remembered for a while. Every answer that cannot be had is the one that allows nothing. */
export interface People {
  standing(person: string): Promise<Standing>;
  /** Who of these ids (members and groups) are people: groups are opened. */
  membersOf(ids: readonly string[]): Promise<Members>;
}

export interface Members {
  readonly members: ReadonlySet<string>;
  /** Groups that cannot be read now: nobody of them is among the members. */
  readonly unread: readonly string[];
  /** The members, and whom such a group had when it could be read last: good enough to let somebody look. */
  readonly lastKnown: ReadonlySet<string>;
}

export function isGroup(id: string): boolean {
  return id.startsWith('S');
}

const rememberMs = 5 * 60_000;

export function createPeople(options: {
  readonly client: webApi.WebClient;
  /** Known once Slack has let us in. */
  readonly workspace: Promise<Pick<Workspace, 'teamId'>>;
  readonly log: Log;
}): People {
  const { client, log } = options;
  const standings = remembered((person) => readStanding(person));
  const groups = remembered((group) => readGroup(group));
  const earlier = new Map<string, readonly string[]>();

  async function readStanding(person: string): Promise<Standing> {
    const { user } = await lookUp(() => client.users.info({ user: person }));
    return user === undefined ? 'unknown' : standingOf(user, (await options.workspace).teamId);
  }

  async function readGroup(group: string): Promise<readonly string[]> {
    const { users } = await lookUp(() => client.usergroups.users.list({ usergroup: group }));
    earlier.set(group, users ?? []);
    return users ?? [];
  }

  return {
    async standing(person) {
      try {
        return await standings(person);
      } catch (error) {
        log.warn('a person could not be looked up', { person, error: String(error) });
        return 'unknown';
      }
    },
    async membersOf(ids) {
      const unread: string[] = [];
      const read = await Promise.all(
        ids.map(async (id) => {
          if (!isGroup(id)) return [id];
          try {
            return await groups(id);
          } catch (error) {
            log.warn('a user group could not be read', { group: id, error: String(error) });
            unread.push(id);
            return [];
          }
        }),
      );
      const members = read.flat();
      const old = unread.flatMap((id) => earlier.get(id) ?? []);
      return { members: new Set(members), unread, lastKnown: new Set([...members, ...old]) };
    },
  };
}

/** Keeps answers for a while, and no failures. */
function remembered<Answer>(ask: (key: string) => Promise<Answer>): (key: string) => Promise<Answer> {
  const answers = new Map<string, { readonly answer: Promise<Answer>; readonly until: number }>();
  return (key) => {
    const known = answers.get(key);
    if (known !== undefined && known.until > performance.now()) return known.answer;
    const answer = ask(key);
    answers.set(key, { answer, until: performance.now() + rememberMs });
    answer.catch(() => answers.delete(key));
    return answer;
  };
}
