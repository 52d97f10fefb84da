import { JournalError } from '../../journal/journal.ts';
import type { Log } from '../../log/log.ts';
import type { Posts } from '../records/posts.ts';
import type { MessageWriter } from './writer.ts';

/** The writer, for posts with an id of their own: each is made once, also over restarts; one that stands already shows the new content. */
export function postingOnce(writer: MessageWriter, posts: Posts, log: Log): MessageWriter {
  /** Without the journal Slack's history alone knows what stands. */
  function begin(id: string, channel: string): { readonly ts?: string } | undefined {
    try {
      return posts.begin(id, channel);
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      log.error('a post is not on record', { id, channel, error: error.message });
      return {};
    }
  }

  return {
    ...writer,
    async post(wanted) {
      const { id, channel } = wanted;
      const before = begin(id, channel);
      if (before?.ts !== undefined) {
        const message = writer.existing(channel, before.ts);
        message.edit(wanted.content);
        return message;
      }
      const mayBeThere = before !== undefined || wanted.mayBeThere === true;
      const message = await writer.post({ ...wanted, mayBeThere });
      posts.done(id, channel, message.ts);
      return message;
    },
  };
}
