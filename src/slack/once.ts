import type { Posts } from '../operations/posts.ts';
import type { MessageWriter } from './writer.ts';

/** The writer, for posts with an id of their own: each is made once, also over restarts; one that stands already shows the new content. Throws `JournalError` besides. */
export function postingOnce(writer: MessageWriter, posts: Posts): MessageWriter {
  return {
    ...writer,
    async post(wanted) {
      const { id, channel } = wanted;
      const before = posts.begin(id, channel);
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
