import { duration } from '../../language/duration.ts';
import type { Wording } from '../../language/phrases.ts';
import { clean, dayAndTime, moment } from '../terminal/style.ts';

/** How a terminal writes what is not plain text elsewhere. */
export function terminalWording(now = new Date()): Wording {
  return {
    person: (id) => clean(id, 100),
    moment: (at) => moment(at, now),
    lasting: duration,
    quoted: (text, most = 300) => clean(text, most),
    name: (id) => clean(id),
    linked: (words) => words,
  };
}

/** For a text that is read on another day, and shown as markdown. */
export const markdownWording: Wording = {
  person: (id) => marked(id, 100),
  moment: dayAndTime,
  lasting: duration,
  quoted: (text, most = 300) => marked(text, most),
  name: (id) => marked(id, 100),
  linked: (words) => words,
};

/** What a renderer would take for markup is shown as it was typed. */
function marked(text: string, most: number): string {
  return clean(text, most).replace(/[\\`*_{}[\]<>|#~]/g, (mark) => `\\${mark}`);
}
