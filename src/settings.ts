import { z } from 'zod';

const list = (item: RegExp) =>
  z
    .string()
    .transform((text) => text.split(/[\s,]+/).filter((word) => word !== ''))
    .pipe(z.array(z.string().regex(item)));

const memberOrGroup = /^[UWS][A-Z0-9]{4,}$/;

const channel = /^[CG][A-Z0-9]{4,}$/;

const copyMemberId = 'a profile in Slack, More, Copy member ID';

const copyChannelId = "the end of a channel's About tab in Slack";

/** What holds where the alert channel is none of SLACK_CHANNELS. */
export const alertChannelAlone =
  'the buttons under what Muster posts in it work, and commands typed in it are refused';

/** Every variable: how it is read, what a right value looks like ("it must be ..."), and where a person gets one. */
const variables = {
  SLACK_BOT_TOKEN: {
    schema: z.string().regex(/^xoxb-[\w-]+$/),
    secret: true,
    expected: 'a bot token, which begins with xoxb-',
    where: 'api.slack.com/apps, your app, OAuth & Permissions',
  },
  SLACK_APP_TOKEN: {
    schema: z.string().regex(/^xapp-[\w-]+$/),
    secret: true,
    expected: 'an app-level token with the scope connections:write, which begins with xapp-',
    where: 'api.slack.com/apps, your app, Basic Information, App-Level Tokens',
  },
  SLACK_CHANNELS: {
    schema: list(channel).refine((ids) => ids.length > 0),
    expected: 'channel ids separated by commas, such as C0123ABCD',
    where: copyChannelId,
  },
  SLACK_ALERT_CHANNEL: {
    schema: z.string().regex(channel),
    expected: 'one channel id, such as C0123ABCD',
    where: copyChannelId,
  },
  SLACK_OPERATORS: {
    schema: list(memberOrGroup).default([]),
    expected: 'ids of members or user groups separated by commas, such as U0123ABCD,S0456EFGH',
    where: copyMemberId,
  },
  SLACK_VIEWERS: {
    schema: list(memberOrGroup).optional(),
    expected: 'ids of members or user groups separated by commas, or left out for every full member',
    where: copyMemberId,
  },
  SLACK_CONFIRM: {
    schema: z.enum(['requester', 'second-person']).default('requester'),
    expected: 'requester or second-person',
    where: 'leave it out for requester',
  },
  SLACK_ALERT_LINES: {
    schema: z
      .string()
      .regex(/^\d{1,2}$/)
      .transform(Number)
      .pipe(z.number().max(50))
      .default(15),
    expected: 'a number from 0 to 50',
    where: 'leave it out for 15',
  },
  SLACK_SILENCE_ALERT: {
    schema: z.enum(['on', 'off']).default('on'),
    expected: 'on or off',
    where: 'leave it out for on',
  },
  TEAM_ROOT: {
    schema: z.string().optional(),
    expected: 'the directory that holds team-compose.yaml',
    where: 'leave it out to look for .team/ from the current directory upwards',
  },
  MUSTER_STATE_DIR: {
    schema: z.string().startsWith('/').optional(),
    expected: 'the full path of a directory, such as /var/lib/muster',
    where: 'leave it out for state/muster/ beside team-compose.yaml',
  },
  MUSTER_KEEP_DAYS: {
    schema: z
      .string()
      .regex(/^\d{1,4}$/)
      .transform(Number)
      .pipe(z.number().min(1).max(3650))
      .default(90),
    expected: 'a number of days from 1 to 3650',
    where: 'leave it out for 90',
  },
  TMUX_SOCKET: {
    schema: z
      .string()
      .regex(/^\/[^,]+$/)
      .optional(),
    expected: 'the full path of the socket of a tmux server, without a comma',
    where: "leave it out for the bot's own user's; docs/security.md has the layout that needs it",
  },
  LOG_LEVEL: {
    schema: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
    expected: 'debug, info, warn or error',
    where: 'leave it out for info',
  },
  SLACK_API_URL: {
    schema: z.string().refine(isSlackOrLoopback).default('https://slack.com/api/'),
    expected:
      'https://slack.com/api/, https://slack-gov.com/api/ or http on a loopback address of this machine',
    where: 'leave it out to talk to Slack',
  },
};

export type SettingName = keyof typeof variables;

export type Settings = { readonly [Name in SettingName]: z.output<(typeof variables)[Name]['schema']> };

/** Every variable Muster reads; none of them may reach an agent. */
export const settingNames = Object.keys(variables) as readonly SettingName[];

/** What is wrong with one variable; a secret's value is never in it. */
export interface SettingComplaint {
  readonly name: SettingName;
  readonly found: string;
  readonly expected: string;
  readonly where: string;
}

export type SettingsRead =
  | { readonly kind: 'read'; readonly settings: Settings }
  | {
      readonly kind: 'refused';
      readonly complaints: readonly SettingComplaint[];
      /** Those that nothing is wrong with. */
      readonly settings: Partial<Settings>;
    };

/** Reads the settings from an environment; an empty value counts as missing. All complaints come at once. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): SettingsRead {
  const values: Partial<Record<SettingName, unknown>> = {};
  const complaints: SettingComplaint[] = [];
  for (const name of settingNames) {
    const raw = env[name]?.trim() || undefined;
    const parsed = variables[name].schema.safeParse(raw);
    if (parsed.success) values[name] = parsed.data;
    else complaints.push(complaintAbout(name, raw));
  }
  return complaints.length === 0
    ? { kind: 'read', settings: values as Settings }
    : { kind: 'refused', complaints, settings: values as Partial<Settings> };
}

/** What is wrong with one value, if anything is. */
export function complaintOf(name: SettingName, value: string): SettingComplaint | undefined {
  const raw = value.trim() || undefined;
  return variables[name].schema.safeParse(raw).success ? undefined : complaintAbout(name, raw);
}

export function isSecret(name: SettingName): boolean {
  return 'secret' in variables[name];
}

/** What a right value looks like, and where a person gets one. */
export function aboutSetting(name: SettingName): { readonly expected: string; readonly where: string } {
  const { expected, where } = variables[name];
  return { expected, where };
}

function complaintAbout(name: SettingName, raw: string | undefined): SettingComplaint {
  return { name, found: describeFound(raw, isSecret(name)), ...aboutSetting(name) };
}

export function describeSettingComplaint({ name, found, expected, where }: SettingComplaint): string {
  return `${name} is ${found}; it must be ${expected}. Where to get it: ${where}.`;
}

function describeFound(raw: string | undefined, secret: boolean): string {
  if (raw === undefined) return 'missing';
  const hidden = secret || /xox[a-z]-|xapp-|:\/\/[^/]*@/i.test(raw);
  return hidden ? `something else (${raw.length} characters, not shown)` : `"${raw}"`;
}

function isSlackOrLoopback(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname, username, password } = new URL(value);
  if (username !== '' || password !== '') return false;
  if (protocol === 'https:') return hostname === 'slack.com' || hostname === 'slack-gov.com';
  return (
    protocol === 'http:' && (/^127(\.\d+){3}$/.test(hostname) || ['[::1]', 'localhost'].includes(hostname))
  );
}
