import { styleText } from 'node:util';

type Tint = (text: string) => string;

/** Colours, or the same words without them. */
export interface Ink {
  readonly bold: Tint;
  readonly dim: Tint;
  readonly italic: Tint;
  readonly strike: Tint;
  readonly code: Tint;
  readonly mention: Tint;
  readonly link: Tint;
  readonly good: Tint;
  readonly bad: Tint;
  readonly warn: Tint;
}

export function createInk(inColour: boolean): Ink {
  const tint = (...format: Parameters<typeof styleText>[0][]): Tint =>
    inColour
      ? (text) =>
          format.reduce<string>((styled, one) => styleText(one, styled, { validateStream: false }), text)
      : (text) => text;
  return {
    bold: tint('bold'),
    dim: tint('dim'),
    italic: tint('italic'),
    strike: tint('strikethrough'),
    code: tint('cyan'),
    mention: tint('blue', 'bold'),
    link: tint('underline'),
    good: tint('green'),
    bad: tint('red', 'bold'),
    warn: tint('yellow'),
  };
}

/** As people expect of a program: in colour on a terminal, unless `NO_COLOR` is set (no-color.org). */
export function wantsColour(
  stream: { readonly isTTY?: boolean | undefined },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  return Boolean(stream.isTTY) && !env.NO_COLOR && env.TERM !== 'dumb';
}
