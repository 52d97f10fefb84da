import type { Words } from '../../language/read-words.ts';
import { UsageError } from '../../language/refusals.ts';

export interface Options {
  readonly yes: boolean;
  readonly replace: boolean;
  readonly service: 'user' | 'system' | 'none' | undefined;
  readonly botUser: string;
  readonly agentsUser: string;
}

/** Throws UsageError. */
export function readOptions({ options }: Words): Options {
  const service = options.get('service')?.at(-1);
  if (service !== undefined && service !== 'user' && service !== 'system' && service !== 'none') {
    throw new UsageError(`--service is "${service}"; it must be user, system or none.`);
  }
  return {
    yes: options.has('yes'),
    replace: options.has('replace'),
    service,
    botUser: options.get('bot-user')?.at(-1) ?? 'muster',
    agentsUser: options.get('agents-user')?.at(-1) ?? 'agents',
  };
}
