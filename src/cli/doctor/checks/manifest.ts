import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { verbsIn } from '../../../language/verbs.ts';
import type { Examined } from '../facts.ts';
import { broken, type Check, type Finding, ok, skipped, warn } from '../finding.ts';

const manifestPath = fileURLToPath(new URL('../../../../manifest.json', import.meta.url));

const manifestSchema = z.object({
  features: z.object({
    slash_commands: z.tuple([z.object({ command: z.string(), usage_hint: z.string() })]),
  }),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
});

/** Without these nothing works; the others cost a part of what Muster can say. */
const indispensable = ['chat:write', 'commands', 'users:read'];

/**
 * The app as it is installed against the manifest it should come from. A bot token does not let one read the app's own manifest:
 * of what is set up there Slack tells the scopes, and no more.
 */
export const manifest: Check = {
  name: 'manifest',
  async run(examined) {
    const read = manifestSchema.safeParse(JSON.parse(readFileSync(manifestPath, 'utf8')));
    if (!read.success) {
      return [broken('manifest.json is not the one of this version', 'git checkout manifest.json')];
    }
    const [command] = read.data.features.slash_commands;
    const hint = verbsIn('slack')
      .map(({ name }) => name)
      .join(' | ');
    const findings: Finding[] = [];
    if (command.usage_hint !== hint) {
      findings.push(
        warn(
          `manifest.json hints at other commands (${command.usage_hint}) than this Muster has (${hint})`,
          'git checkout manifest.json, and paste it into the app: your app, App Manifest.',
        ),
      );
    }
    return [...findings, ...(await installedScopes(examined, read.data.oauth_config.scopes.bot))];
  },
};

async function installedScopes(
  { slack, settings }: Examined,
  wanted: readonly string[],
): Promise<readonly Finding[]> {
  const identity = await slack.identity();
  if (identity.kind !== 'answer') return [skipped('what the app was installed with: the bot token first')];
  const granted = identity.data.response_metadata?.scopes;
  if (granted === undefined) return [skipped('Slack did not say what the app was installed with')];
  const missing = wanted.filter((scope) => !granted.includes(scope));
  const findings = missing.map((scope) => {
    const isNeeded = indispensable.includes(scope) || (scope === 'usergroups:read' && namesGroups(settings));
    return (isNeeded ? broken : warn)(
      `the app was installed without the scope ${scope}${costOf(scope)}`,
      'Paste manifest.json into the app (your app, App Manifest), then install it to the workspace again.',
    );
  });
  const surplus = granted.filter((scope) => !wanted.includes(scope));
  if (surplus.length > 0) {
    findings.push(
      warn(
        `the app may do more than Muster uses: ${surplus.join(', ')}`,
        'Take these scopes out of the app, then install it to the workspace again.',
      ),
    );
  }
  if (findings.length > 0) return findings;
  return [
    ok(
      'the app has the scopes of manifest.json; whether its command and its buttons are set up, only /team in Slack can show',
    ),
  ];
}

function namesGroups({ SLACK_OPERATORS = [], SLACK_VIEWERS = [] }: Examined['settings']): boolean {
  return [...SLACK_OPERATORS, ...SLACK_VIEWERS].some((id) => id.startsWith('S'));
}

function costOf(scope: string): string {
  switch (scope) {
    case 'channels:history':
    case 'groups:history':
      return ': a message that Slack may have taken is posted again, marked "may repeat"';
    case 'usergroups:read':
      return ': user groups cannot be operators or viewers';
    default:
      return '';
  }
}
