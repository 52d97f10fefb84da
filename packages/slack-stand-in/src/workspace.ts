type PersonKind = 'member' | 'guest' | 'bot' | 'stranger';

/** What `users.info` says of a person of an Enterprise Grid. */
interface GridIdentity {
  /** Its `team_id`, the workspace the person came from, which need not be where they are a member now. Slack may leave it out. */
  readonly home?: string;
  /** Every workspace they are a member of. */
  readonly teams: readonly string[];
  /** Where it lists them: in the user itself, or in its `enterprise_user`. */
  readonly listedIn?: 'user' | 'enterprise_user';
}

export interface Person {
  readonly id: string;
  /** The handle without `@`. */
  readonly name: string;
  readonly displayName: string;
  readonly tz: string;
  /** `stranger`: belongs to another workspace and is here through a shared channel. */
  readonly kind: PersonKind;
  /** Of the workspace they type and press in. */
  readonly teamId: string;
  readonly grid?: GridIdentity;
}

export interface Channel {
  readonly id: string;
  /** Without `#`; for a direct message, the id. */
  readonly name: string;
  readonly kind: 'public' | 'private' | 'direct';
  /** Ids of people, and of the bot if it was invited. */
  readonly members: Set<string>;
  /** It can be read, and nobody writes there any more. */
  isArchived: boolean;
}

interface UserGroup {
  readonly id: string;
  readonly handle: string;
  readonly members: readonly string[];
}

export interface SlashCommand {
  /** With the slash. */
  readonly name: string;
  /** Slack turns `@ana` and `#ops` in the text into ids, as the manifest's `should_escape` asks for. */
  readonly shouldEscape: boolean;
}

export interface WorkspaceOptions {
  /** In the time zone of this machine unless told. */
  readonly people?: readonly {
    name: string;
    displayName?: string;
    tz?: string;
    kind?: PersonKind;
    grid?: GridIdentity;
  }[];
  /** Everybody is a member unless `members` names some; the bot is unless `withBot` is false. */
  readonly channels?: readonly {
    name: string;
    isPrivate?: boolean;
    members?: readonly string[];
    withBot?: boolean;
  }[];
  readonly userGroups?: readonly { handle: string; members: readonly string[] }[];
  readonly commands?: readonly SlashCommand[];
}

export interface Workspace {
  readonly team: { readonly id: string; readonly name: string; readonly domain: string };
  readonly appId: string;
  readonly bot: Person & { readonly botId: string };
  /** Speaks to a person about what went wrong on Slack's side. */
  readonly slackbot: Person;
  readonly people: readonly Person[];
  readonly channels: readonly Channel[];
  readonly userGroups: readonly UserGroup[];
  readonly commands: readonly SlashCommand[];
  findUser(id: string): Person | undefined;
  findChannel(id: string): Channel | undefined;
  /** By id, handle or `@handle`; throws for somebody who isn't there. */
  person(nameOrId: string): Person;
  /** By id, name or `#name`; throws for a channel that isn't there. */
  channel(nameOrId: string): Channel;
  directMessageWith(person: Person): Channel;
}

const defaultPeople: NonNullable<WorkspaceOptions['people']> = [
  { name: 'ana', displayName: 'Ana Operator' },
  { name: 'bo', displayName: 'Bo Viewer' },
  { name: 'eve', displayName: 'Eve Elsewhere', tz: 'Asia/Tokyo', kind: 'stranger' },
  { name: 'gus', displayName: 'Gus Guest', kind: 'guest' },
];

const defaultChannels: NonNullable<WorkspaceOptions['channels']> = [
  { name: 'ops' },
  { name: 'alerts' },
  { name: 'random', withBot: false },
];

const home = { id: 'T0SANDBOX00', name: 'Sandbox', domain: 'sandbox' };

const elsewhere = 'T0ELSEWHERE';

export function createWorkspace(options: WorkspaceOptions = {}): Workspace {
  const people = (options.people ?? defaultPeople).map(
    ({ name, displayName = name, tz = ownZone(), kind = 'member', grid }): Person => ({
      id: idFor('U', name),
      name,
      displayName,
      tz,
      kind,
      teamId: kind === 'stranger' ? elsewhere : home.id,
      ...(grid && { grid }),
    }),
  );
  const bot = { ...appUser('U0MUSTERBOT', 'muster', 'Muster'), botId: 'B0MUSTERBOT' };
  const slackbot = appUser('USLACKBOT', 'slackbot', 'Slackbot');
  const everybody = [...people, bot, slackbot];

  const channels = (options.channels ?? defaultChannels).map(
    ({
      name,
      isPrivate = false,
      members = people.map((person) => person.name),
      withBot = true,
    }): Channel => ({
      id: idFor('C', name),
      name,
      kind: isPrivate ? 'private' : 'public',
      members: new Set([...members.map((member) => idOf(people, member)), ...(withBot ? [bot.id] : [])]),
      isArchived: false,
    }),
  );
  const userGroups = (
    options.userGroups ?? [{ handle: 'oncall', members: people.slice(0, 1).map((first) => first.name) }]
  ).map(
    ({ handle, members }): UserGroup => ({
      id: idFor('S', handle),
      handle,
      members: members.map((member) => idOf(people, member)),
    }),
  );

  return {
    team: home,
    appId: 'A0MUSTERAPP',
    bot,
    slackbot,
    people,
    channels,
    userGroups,
    commands: options.commands ?? [{ name: '/team', shouldEscape: true }],
    findUser: (id) => everybody.find((person) => person.id === id),
    findChannel: (id) => channels.find((channel) => channel.id === id),
    person: (nameOrId) => named('person', everybody, nameOrId.replace(/^@/, '')),
    channel: (nameOrId) => named('channel', channels, nameOrId.replace(/^#/, '')),
    directMessageWith(person) {
      const id = idFor('D', person.name);
      const known = channels.find((channel) => channel.id === id);
      if (known) return known;
      const members = new Set([person.id, bot.id]);
      const opened: Channel = { id, name: id, kind: 'direct', members, isArchived: false };
      channels.push(opened);
      return opened;
    },
  };
}

/** Readable and stable, in the shape of Slack's ids: `C0OPS000000`. */
function idFor(prefix: 'U' | 'C' | 'S' | 'D', name: string): string {
  return `${prefix}0${name.toUpperCase().replace(/[^A-Z0-9]/g, '')}`.padEnd(11, '0');
}

function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function appUser(id: string, name: string, displayName: string): Person {
  return { id, name, displayName, tz: 'UTC', kind: 'bot', teamId: home.id };
}

function idOf(people: readonly Person[], name: string): string {
  return named('person', people, name).id;
}

function named<T extends { id: string; name: string }>(
  what: string,
  list: readonly T[],
  nameOrId: string,
): T {
  const found = list.find((item) => item.id === nameOrId || item.name === nameOrId);
  if (found) return found;
  throw new Error(
    `the sandbox has no ${what} "${nameOrId}"; it has ${list.map((item) => item.name).join(', ')}`,
  );
}
