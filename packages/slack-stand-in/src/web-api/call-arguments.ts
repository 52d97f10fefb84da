import { SlackError } from '../slack-error.ts';

/** A call's arguments, whether they came urlencoded (all text, structures as JSON) or as a JSON body. */
export interface Arguments {
  text(name: string): string | undefined;
  required(name: string): string;
  flag(name: string): boolean;
  number(name: string): number | undefined;
  /** A structure; `error` is Slack's name for one that can't be read. */
  structure(name: string, error: string): unknown;
  has(name: string): boolean;
}

export function readArguments(given: Record<string, unknown>): Arguments {
  const text = (name: string): string | undefined => {
    const value = given[name];
    return value === undefined || value === null ? undefined : String(value);
  };
  return {
    text,
    required(name) {
      const value = text(name);
      if (value) return value;
      throw new SlackError('invalid_arguments', {
        response_metadata: { messages: [`[ERROR] missing required field: ${name}`] },
      });
    },
    flag: (name) => ['true', '1'].includes(text(name) ?? ''),
    number(name) {
      const value = text(name);
      if (value === undefined) return undefined;
      if (Number.isFinite(Number(value))) return Number(value);
      throw new SlackError('invalid_arguments', {
        response_metadata: { messages: [`[ERROR] value must be a number [json-pointer:/${name}]`] },
      });
    },
    structure(name, error) {
      const value = given[name];
      if (typeof value !== 'string') return value ?? undefined;
      if (value === '') return undefined;
      try {
        return JSON.parse(value);
      } catch {
        throw new SlackError(error);
      }
    },
    has: (name) => given[name] !== undefined && given[name] !== null,
  };
}
