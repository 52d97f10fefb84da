import type { types } from '@slack/bolt';
import type { Message } from '../server/message-store.ts';

/** The dialog a client shows before it sends a click on. */
export interface ConfirmDialog {
  readonly title: string;
  readonly text: string;
  readonly confirm: string;
  readonly deny: string;
}

/** A button as it stands in a message. */
export interface MessageButton {
  readonly label: string;
  readonly actionId: string;
  readonly blockId: string;
  readonly value?: string;
  readonly style?: 'primary' | 'danger';
  /** A link: pressing it also opens this. */
  readonly url?: string;
  readonly confirm?: ConfirmDialog;
  readonly element: types.Button;
}

/** All buttons of a message, in the order in which a person sees them. */
export function buttonsOf(message: Pick<Message, 'blocks' | 'attachments'>): MessageButton[] {
  const inAttachments = message.attachments.flatMap(
    ({ blocks = [] }) => blocks as readonly types.KnownBlock[],
  );
  return [...message.blocks, ...inAttachments].flatMap(buttonsOfBlock);
}

export function buttonsOfBlock(block: types.KnownBlock): MessageButton[] {
  return elementsOf(block)
    .filter((element) => element.type === 'button')
    .map((element) => ({
      label: element.text.text,
      actionId: element.action_id ?? '',
      blockId: block.block_id ?? '',
      element,
      ...(element.value === undefined ? {} : { value: element.value }),
      ...(element.style ? { style: element.style } : {}),
      ...(element.url ? { url: element.url } : {}),
      ...(element.confirm ? { confirm: dialog(element.confirm) } : {}),
    }));
}

function elementsOf(block: types.KnownBlock): readonly types.ActionsBlockElement[] {
  if (block.type === 'actions') return block.elements;
  if (block.type === 'section' && block.accessory?.type === 'button') return [block.accessory];
  return [];
}

/** With the words Slack shows where the app left them out. */
function dialog({ title, text, confirm, deny }: types.ConfirmationDialog): ConfirmDialog {
  return {
    title: title?.text ?? 'Are you sure?',
    text: text.text,
    confirm: confirm?.text ?? 'Yes',
    deny: deny?.text ?? 'No',
  };
}
