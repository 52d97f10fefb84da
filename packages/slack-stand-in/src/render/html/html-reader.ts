import type { Workspace } from '../../workspace.ts';
import { formatSlackDate } from '../slack-date.ts';
import { type Html, html } from './html.ts';

/** Who looks at the page. */
export interface HtmlReader {
  readonly workspace: Workspace;
  readonly timeZone: string;
  /** The reader's own user id. */
  readonly viewer: string;
}

export function userMentionHtml({ workspace, viewer }: HtmlReader, id: string): Html {
  const name = workspace.findUser(id)?.name ?? id;
  return html`<span class="mention${id === viewer && ' mention-me'}">@${name}</span>`;
}

export function channelMentionHtml({ workspace }: HtmlReader, id: string): Html {
  const channel = workspace.findChannel(id);
  if (channel === undefined || channel.kind === 'direct') return html`<span class="mention">#${id}</span>`;
  return html`<button type="button" class="mention" data-channel="${channel.id}">#${channel.name}</button>`;
}

export function groupMentionHtml({ workspace }: HtmlReader, id: string): Html {
  const handle = workspace.userGroups.find((group) => group.id === id)?.handle ?? id;
  return html`<span class="mention">@${handle}</span>`;
}

export function broadcastHtml(word: string): Html {
  return html`<span class="mention mention-me">@${word}</span>`;
}

/** Shows the date as the sender formatted it, and all of it on hovering. */
export function dateHtml(seconds: number, format: string, { timeZone }: HtmlReader, url?: string): Html {
  const iso = new Date(seconds * 1000).toISOString();
  const whole = `${formatSlackDate(seconds, '{date_long} at {time_secs}', timeZone)} (${timeZone})`;
  const time = html`<time datetime="${iso}" title="${whole}">${formatSlackDate(seconds, format, timeZone)}</time>`;
  return url === undefined ? time : linkHtml(url, time);
}

/** Only what a browser opens as a page or a mail is a link; anything else is its own text. */
export function linkHtml(url: string, label: Html | string = url.replace(/^mailto:/, '')): Html {
  if (!/^(https?:\/\/|mailto:)/i.test(url)) return html`${label}`;
  return html`<a href="${url}" target="_blank" rel="noopener noreferrer">${label}</a>`;
}
