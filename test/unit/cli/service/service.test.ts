import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { install } from '../../../../src/cli/service/service.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muster-service-'));
  mkdirSync(join(directory, 'bin'));
  const systemctl = join(directory, 'bin/systemctl');
  writeFileSync(systemctl, `#!/bin/sh\necho "$*" >>'${directory}/told'\n`);
  chmodSync(systemctl, 0o755);
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('a set-up on a host where agents run starts the bot anew, and never what they live in', async () => {
  writeFileSync(join(directory, 'muster-agents.service'), 'of an older Muster');
  const said: string[] = [];

  const isUp = await install(
    {
      manager: 'system',
      files: [
        { directory, name: 'muster-agents.service', text: 'new' },
        { directory, name: 'muster.service', text: 'new' },
      ],
    },
    { env: { PATH: join(directory, 'bin') }, say: (text) => said.push(text), mayReplace: true },
  );

  expect(isUp).toBe(true);
  expect(readFileSync(join(directory, 'told'), 'utf8').replaceAll('--system --no-ask-password ', '')).toBe(
    'daemon-reload\nenable muster-agents.service muster.service\nstart muster-agents.service\nrestart muster.service\n',
  );
  expect(said).toContain(
    '    It counts from systemctl restart muster-agents.service on, which ends the agents',
  );
});
