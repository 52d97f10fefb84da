import process from 'node:process';
import { describe, expect, it } from 'vitest';
import {
  describeService,
  type LaunchctlAnswer,
  listJobs,
  parseServices,
} from '../../../../src/supervisor/launchd/launchctl.ts';
import {
  LaunchdSupervisor,
  launchdUnavailable,
} from '../../../../src/supervisor/launchd/launchd-supervisor.ts';

const domain = (...services: string[]) =>
  [
    'gui/501 = {',
    '\ttype = login',
    '',
    '\tservices = {',
    ...services,
    '\t}',
    '',
    '\tendpoints = {',
    '\t}',
    '}',
  ].join('\n');

describe('the services of a domain', () => {
  it.each([
    ['runs', '\t\t   61949      - \tmuster.1.shop.dev', { pid: 61949, lastStatus: '-' }],
    ['runs under pressure', '\t\t   61949   (pe) \tmuster.1.shop.dev', { pid: 61949, lastStatus: '(pe)' }],
    ['was never started', '\t\t       0      - \tmuster.1.shop.dev', { lastStatus: '-' }],
    ['ended well', '\t\t       0      0 \tmuster.1.shop.dev', { lastStatus: '0' }],
    ['ended badly', '\t\t       0     78 \tmuster.1.shop.dev', { lastStatus: '78' }],
    ['was killed', '\t\t       0     -9 \tmuster.1.shop.dev', { lastStatus: '-9' }],
    ['has no pid, said the other way', '\t\t       -      1 \tmuster.1.shop.dev', { lastStatus: '1' }],
  ])('one that %s', (_, line, expected) => {
    expect(parseServices(domain(line))?.get('muster.1.shop.dev')).toEqual(expected);
  });

  it('are those of the block `services` alone, by their whole label', () => {
    const output = `${domain('\t\t 7 - \ta.b')}\n\tother = {\n\t\t 8 - \tc.d\n\t}`;

    expect([...(parseServices(output)?.keys() ?? [])]).toEqual(['a.b']);
  });

  it.each([
    ['nothing', ''],
    ['no such block', 'gui/501 = {\n\ttype = login\n}'],
    ['a block cut off', 'gui/501 = {\n\tservices = {\n\t\t 7 - \ta.b'],
  ])('are unknown when there is %s', async (_, output) => {
    const answer: LaunchctlAnswer = { kind: 'done', output };

    expect(await listJobs(async () => answer, 'gui/501')).toMatchObject({ kind: 'unknown' });
  });

  it.each([
    [112, 'Could not find domain for user gui: 501'],
    [125, 'Domain does not support specified action'],
  ])('are unknown when there is no such domain (%i)', async (code, reason) => {
    const answer: LaunchctlAnswer = { kind: 'refused', code, reason };

    expect(await listJobs(async () => answer, 'gui/501')).toEqual({
      kind: 'unknown',
      reason: `${reason} (is this user logged in at the screen of this Mac?)`,
    });
  });
});

describe('what launchd says of one job', () => {
  it('is told by its outermost lines', () => {
    const output = [
      'gui/501/muster.1.shop.dev = {',
      '\tactive count = 0',
      '\tstate = spawn scheduled',
      '\tenvironment = {',
      '\t\tstate = hunter2',
      '\t}',
      '\truns = 6',
      '\tlast exit code = 78: EX_CONFIG',
      '\tjob state = spawn failed',
      '\tresource coalition = {',
      '\t\tstate = active',
      '\t}',
      '}',
    ].join('\n');

    expect(describeService(output)).toBe(
      'state spawn scheduled, last exit code 78: EX_CONFIG, job state spawn failed',
    );
  });
});

describe('a host that is no Mac', () => {
  it('cannot run launchd, and is told so', () => {
    expect(launchdUnavailable('linux')).toBe(
      'supervisor.type is launchd, which is part of macOS; this host runs linux: use tmux',
    );
    expect(launchdUnavailable('darwin')).toBeUndefined();
    if (process.platform !== 'darwin')
      expect(() => LaunchdSupervisor.onThisHost({ root: '/srv/team', env: {} })).toThrow('part of macOS');
  });
});
