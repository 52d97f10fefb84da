import type { Workspace } from '../workspace.ts';

/** The text of a command as Slack delivers it; with `shouldEscape`, people, channels and links become references. */
export function deliverableText(
  text: string,
  workspace: Workspace,
  { shouldEscape }: { shouldEscape: boolean },
): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  if (!shouldEscape) return escaped;
  return escaped
    .replace(/https?:\/\/[^\s<>]+/g, (url) => `<${url}>`)
    .replace(/(?<=^|\s)@([\w.-]+)/g, (typed, name: string) => {
      const person = workspace.people.find((candidate) => candidate.name === name);
      const group = workspace.userGroups.find(({ handle }) => handle === name);
      if (person) return `<@${person.id}|${person.name}>`;
      return group ? `<!subteam^${group.id}|@${group.handle}>` : typed;
    })
    .replace(/(?<=^|\s)#([\w-]+)/g, (typed, name: string) => {
      const channel = workspace.channels.find((candidate) => candidate.name === name);
      if (!channel) return typed;
      return `<#${channel.id}|${channel.kind === 'private' ? '' : channel.name}>`;
    });
}
