import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { appLink } from '../../../../src/cli/setup/app-link.ts';

test('the link carries the whole manifest, and can be opened', () => {
  const manifest = readFileSync(new URL('../../../../manifest.json', import.meta.url), 'utf8');

  const link = new URL(appLink(manifest));

  expect(link.origin + link.pathname).toBe('https://api.slack.com/apps');
  expect(link.searchParams.get('new_app')).toBe('1');
  expect(JSON.parse(link.searchParams.get('manifest_json') ?? '')).toEqual(JSON.parse(manifest));
  expect(link.href.length).toBeLessThan(4000);
});
