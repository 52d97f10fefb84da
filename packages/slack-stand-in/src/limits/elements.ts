import { z } from 'zod';
import { confirm, identifier, option, optionGroup, plainText, style, url } from './composition.ts';
import { richText } from './rich-text.ts';

// Limits of interactive elements: docs.slack.dev/reference/block-kit/block-elements.

const actionable = { action_id: identifier.optional() };

const confirmable = { ...actionable, confirm: confirm.optional() };

const focusable = { focus_on_load: z.boolean().optional() };

const placeholder = { placeholder: plainText(150).optional() };

const dispatchable = {
  dispatch_action_config: z
    .strictObject({
      trigger_actions_on: z.array(z.enum(['on_enter_pressed', 'on_character_entered'])).optional(),
    })
    .optional(),
};

const accessibilityLabel = { accessibility_label: z.string().max(75).optional() };

const optionList = z.array(option).min(1);

export const button = z.strictObject({
  type: z.literal('button'),
  text: plainText(75),
  value: z.string().max(2000).optional(),
  url: url.optional(),
  style: style.optional(),
  ...confirmable,
  ...accessibilityLabel,
});

const workflowButton = z.strictObject({
  type: z.literal('workflow_button'),
  text: plainText(75),
  workflow: z.looseObject({}),
  style: style.optional(),
  ...confirmable,
  ...accessibilityLabel,
});

const choice = { ...confirmable, ...focusable, options: optionList.max(10) };

const checkboxes = z.strictObject({
  type: z.literal('checkboxes'),
  ...choice,
  initial_options: z.array(option).optional(),
});

const radioButtons = z.strictObject({
  type: z.literal('radio_buttons'),
  ...choice,
  initial_option: option.optional(),
});

const overflow = z.strictObject({ type: z.literal('overflow'), ...confirmable, options: optionList.max(5) });

const picker = { ...confirmable, ...focusable, ...placeholder };

const pickers = [
  z.strictObject({ type: z.literal('datepicker'), ...picker, initial_date: z.iso.date().optional() }),
  z.strictObject({
    type: z.literal('timepicker'),
    ...picker,
    initial_time: z.string().optional(),
    timezone: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('datetimepicker'),
    ...confirmable,
    ...focusable,
    initial_date_time: z.int().optional(),
  }),
] as const;

const filter = z.strictObject({
  include: z.array(z.enum(['im', 'mpim', 'private', 'public'])).optional(),
  exclude_external_shared_channels: z.boolean().optional(),
  exclude_bot_users: z.boolean().optional(),
});

const conversationFields = {
  default_to_current_conversation: z.boolean().optional(),
  filter: filter.optional(),
};

const staticFields = {
  options: optionList.max(100).optional(),
  option_groups: z.array(optionGroup).min(1).max(100).optional(),
};

const externalFields = { min_query_length: z.int().optional() };

const one = { ...picker, response_url_enabled: z.boolean().optional() };

const many = { ...picker, max_selected_items: z.int().min(1).optional() };

const ids = z.array(z.string()).optional();

const id = z.string().optional();

const selects = [
  z.strictObject({
    type: z.literal('static_select'),
    ...one,
    ...staticFields,
    initial_option: option.optional(),
  }),
  z.strictObject({
    type: z.literal('external_select'),
    ...one,
    ...externalFields,
    initial_option: option.optional(),
  }),
  z.strictObject({ type: z.literal('users_select'), ...one, initial_user: id }),
  z.strictObject({ type: z.literal('channels_select'), ...one, initial_channel: id }),
  z.strictObject({
    type: z.literal('conversations_select'),
    ...one,
    ...conversationFields,
    initial_conversation: id,
  }),
  z.strictObject({
    type: z.literal('multi_static_select'),
    ...many,
    ...staticFields,
    initial_options: z.array(option).optional(),
  }),
  z.strictObject({
    type: z.literal('multi_external_select'),
    ...many,
    ...externalFields,
    initial_options: z.array(option).optional(),
  }),
  z.strictObject({ type: z.literal('multi_users_select'), ...many, initial_users: ids }),
  z.strictObject({ type: z.literal('multi_channels_select'), ...many, initial_channels: ids }),
  z.strictObject({
    type: z.literal('multi_conversations_select'),
    ...many,
    ...conversationFields,
    initial_conversations: ids,
  }),
] as const;

const typed = { ...actionable, ...dispatchable, ...focusable, ...placeholder };

const initialText = { initial_value: z.string().max(3000).optional() };

const richTextInput = z.strictObject({
  type: z.literal('rich_text_input'),
  ...typed,
  initial_value: richText.optional(),
  min_lines: z.int().optional(),
  max_lines: z.int().optional(),
});

const inputs = [
  z.strictObject({
    type: z.literal('plain_text_input'),
    ...typed,
    ...initialText,
    multiline: z.boolean().optional(),
    min_length: z.int().min(0).max(3000).optional(),
    max_length: z.int().min(1).max(3000).optional(),
  }),
  z.strictObject({ type: z.literal('email_text_input'), ...typed, ...initialText }),
  z.strictObject({ type: z.literal('url_text_input'), ...typed, ...initialText }),
  z.strictObject({
    type: z.literal('number_input'),
    ...typed,
    ...initialText,
    is_decimal_allowed: z.boolean(),
    min_value: z.string().optional(),
    max_value: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('file_input'),
    ...actionable,
    filetypes: z.array(z.string()).optional(),
    max_files: z.int().min(1).max(10).optional(),
  }),
  richTextInput,
] as const;

export const inActions = [
  button,
  workflowButton,
  checkboxes,
  radioButtons,
  overflow,
  ...pickers,
  ...selects,
  richTextInput,
] as const;

export const inSection = [
  button,
  workflowButton,
  checkboxes,
  radioButtons,
  overflow,
  ...pickers,
  ...selects,
] as const;

export const inInput = [...inputs, checkboxes, radioButtons, ...pickers, ...selects] as const;

const feedbackButton = z.strictObject({
  text: plainText(75),
  value: z.string().max(2000),
  ...accessibilityLabel,
});

export const inContextActions = [
  z.strictObject({
    type: z.literal('feedback_buttons'),
    ...actionable,
    positive_button: feedbackButton,
    negative_button: feedbackButton,
  }),
  z.strictObject({
    type: z.literal('icon_button'),
    icon: z.enum(['trash']),
    text: plainText(75),
    value: z.string().max(2000).optional(),
    visible_to_user_ids: z.array(z.string()).max(10).optional(),
    ...confirmable,
    ...accessibilityLabel,
  }),
] as const;
