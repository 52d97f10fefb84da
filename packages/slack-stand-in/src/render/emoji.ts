const emojis: Readonly<Record<string, string>> = {
  white_check_mark: '✅',
  heavy_check_mark: '✔',
  x: '❌',
  warning: '⚠️',
  rotating_light: '🚨',
  red_circle: '🔴',
  large_green_circle: '🟢',
  large_yellow_circle: '🟡',
  large_orange_circle: '🟠',
  large_blue_circle: '🔵',
  white_circle: '⚪',
  black_circle: '⚫',
  hourglass: '⌛',
  hourglass_flowing_sand: '⏳',
  skull: '💀',
  no_entry: '⛔',
  lock: '🔒',
  mute: '🔇',
  eyes: '👀',
  repeat: '🔁',
  arrows_counterclockwise: '🔄',
  bell: '🔔',
  no_bell: '🔕',
  information_source: 'ℹ️',
  question: '❓',
  grey_question: '❔',
  stopwatch: '⏱️',
  boom: '💥',
  tada: '🎉',
};

/** The character; a name that isn't known here stays as it was written. */
export function emojiNamed(name: string): string {
  return emojis[name] ?? `:${name}:`;
}
