import type { z } from 'zod';

/** One thing wrong with a payload, in the words Slack uses. */
export interface Problem {
  readonly message: string;
  readonly path: readonly PropertyKey[];
}

/** `no more than 25 items allowed [json-pointer:/blocks/1/elements]` */
export function describe({ message, path }: Problem): string {
  return `${message} [json-pointer:/${path.map(String).join('/')}]`;
}

export function problemsOf(error: z.ZodError, root: readonly PropertyKey[]): Problem[] {
  return error.issues.flatMap((issue) => problemsOfIssue(issue, [...root, ...issue.path]));
}

function problemsOfIssue(issue: z.core.$ZodIssue, path: readonly PropertyKey[]): Problem[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ message: `invalid additional property: ${key}`, path }));
    case 'too_big':
      return [
        {
          message: issue.origin === 'array' ? `no more than ${issue.maximum} items allowed` : tooLong(issue),
          path,
        },
      ];
    case 'too_small':
      return [
        {
          message:
            issue.origin === 'array' ? `no fewer than ${issue.minimum} items allowed` : tooShort(issue),
          path,
        },
      ];
    case 'invalid_union':
      return [{ message: `unsupported type: ${typeOf(issue.input)}`, path }];
    case 'invalid_type':
      return issue.input === undefined
        ? [{ message: `missing required field: ${String(path.at(-1))}`, path: path.slice(0, -1) }]
        : [{ message: `must provide ${article(issue.expected)}`, path }];
    case 'invalid_value':
      return [{ message: `must be one of: ${issue.values.map(String).join(', ')}`, path }];
    default:
      return [{ message: issue.message, path }];
  }
}

/** The input of a union is the object whose `type` picks the member. */
function typeOf(input: unknown): string {
  return typeof input === 'object' && input !== null && 'type' in input ? String(input.type) : '(none)';
}

function tooLong(issue: z.core.$ZodIssueTooBig): string {
  return issue.origin === 'string'
    ? `must be less than ${Number(issue.maximum) + 1} characters`
    : `must be no more than ${issue.maximum}`;
}

function tooShort(issue: z.core.$ZodIssueTooSmall): string {
  return issue.origin === 'string'
    ? `must be more than ${Number(issue.minimum) - 1} characters`
    : `must be no less than ${issue.minimum}`;
}

function article(expected: string): string {
  return `${/^[aeiou]/.test(expected) ? 'an' : 'a'} ${expected}`;
}
