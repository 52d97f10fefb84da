import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { callerName } from '../../../../src/cli/team/caller.ts';

test('whoever types has a name of the host', () => {
  expect(callerName({}, 'build-1')).toBe(`${userInfo().username}@build-1`);
});

test('under sudo it is the person behind it', () => {
  expect(callerName({ SUDO_USER: 'ana' }, 'build-1')).toBe('ana@build-1');
});

test('what cannot be a login is nobody', () => {
  expect(callerName({ SUDO_USER: '<!channel>' }, 'build-1')).toBe(`${userInfo().username}@build-1`);
});
