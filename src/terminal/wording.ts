import { duration } from '../slack/duration.ts';
import type { Wording } from '../watch/wording.ts';
import { dayAndTime, moment } from './moments.ts';
import { clean } from './style.ts';

/** How a terminal writes what is not plain text elsewhere. */
export function terminalWording(now = new Date()): Wording {
  return {
    person: (id) => clean(id, 100),
    moment: (at) => moment(at, now),
    lasting: duration,
    quoted: (text) => clean(text, 300),
  };
}

/** For a text that is read on another day, and shown as markdown. */
export const markdownWording: Wording = {
  person: (id) => marked(id, 100),
  moment: dayAndTime,
  lasting: duration,
  quoted: (text) => marked(text, 300),
};

/** What a renderer would take for markup is shown as it was typed. */
function marked(text: string, most: number): string {
  return clean(text, most).replace(/[\\`*_{}[\]<>|#~]/g, (mark) => `\\${mark}`);
}
