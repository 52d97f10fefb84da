import { describe, expect, onTestFinished, test } from 'vitest';
import { directoryForTest, type Program, runScript, scriptForAll } from '../fakes/bot/e2e-program.ts';
import { visit } from '../fakes/bot/visitor.ts';
import { chromiumForFile, withoutChromium } from '../fakes/chromium.ts';
import { until } from '../fakes/until.ts';

describe.skipIf(withoutChromium.skip)(`npm run sandbox in a browser${withoutChromium.reason}`, () => {
  const browser = chromiumForFile();

  async function startedSandbox(): Promise<string> {
    const sandbox = runScript('sandbox', directoryForTest());
    onTestFinished(() => end(sandbox));
    return await originOf(sandbox);
  }

  async function originOf(sandbox: Program): Promise<string> {
    const where = /The sandbox is at (http:\/\/\S+)\n/;
    return (where.exec(sandbox.output()) ?? (await sandbox.prints(where)))[1] ?? '';
  }

  async function end(sandbox: Program): Promise<void> {
    sandbox.process.kill('SIGTERM');
    await sandbox.ended();
  }

  test('whoever comes for the first time finds on the page how to reload the team, and what TimedOutKilled means', async () => {
    const { page, message, picture } = await visit(browser(), await startedSandbox());
    const welcome = page.getByRole('region', { name: 'How this works' });

    expect(await welcome.textContent()).toMatch(
      /TimedOutKilled\s+means: the agent was asked to stop, did not within its budget \(4 s here\),\s+and had to be killed/,
    );
    await picture('welcome');
    await welcome.getByRole('button', { name: 'Edit shop.yaml' }).click();
    await welcome.getByText('shop.yaml is edited').waitFor();
    await welcome.getByRole('button', { name: '/team reload shop' }).click();
    await page.keyboard.press('Enter');

    await message('Reloading shop: 2 changed, 2 untouched').waitFor();
  });

  test('a reload is one message from the plan to the verdict; who had to be killed stands in it, in the alert and in its thread', async () => {
    const { page, type, message, goTo, picture } = await visit(browser(), await startedSandbox());
    await page.getByRole('button', { name: 'Edit shop.yaml' }).click();
    await page.getByText('shop.yaml is edited').waitFor();

    await type('/team reload shop');
    await message('Reloading shop').getByText('shop:pay · draining').waitFor();
    await picture('draining');
    const verdict = message('Reloaded shop');
    await verdict.getByText('had to be killed').first().waitFor();

    expect(await verdict.locator('.task-error').textContent()).toMatch(/shop:pay · TimedOutKilled after/);
    expect(await verdict.locator('.task-complete').textContent()).toMatch(/shop:cart · Graceful after/);
    await page.locator('#channels .unread', { hasText: 'alerts' }).waitFor();
    for (const id of ['shop:cart', 'shop:pay']) {
      await page.locator(`[data-agent="${id}"]`, { hasText: /pid \d+/ }).waitFor();
    }
    await picture('reload');
    await goTo('alerts');
    const alert = message('shop:pay had to be killed (TimedOutKilled)');
    await alert.getByRole('button', { name: '1 reply' }).click();
    const thread = page.getByRole('complementary', { name: 'Thread' });
    await thread.getByText('Budget 4 s').waitFor();
    expect(await thread.locator('pre').textContent()).toMatch(/ready \(pid \d+\)/);
    await picture('alert');
    await page.keyboard.press('Escape');
    await thread.waitFor({ state: 'hidden' });
  });

  test('a hard down asks first, and the click of the one who asked is obeyed', async () => {
    const { type, message, picture } = await visit(browser(), await startedSandbox());

    await type('/team down shop');
    const question = message('Hard down of shop');
    await question.getByRole('button', { name: 'Kill 4 agents' }).waitFor();
    await picture('question');
    await question.getByRole('button', { name: 'Kill 4 agents' }).click();

    await message(/Hard down of shop: 4 killed/).waitFor();
    await picture('down');
  });

  test('on the host one sees the processes and can make them misbehave', async () => {
    const { page, type, message, picture } = await visit(browser(), await startedSandbox());
    const agent = (id: string) => page.locator(`[data-agent="${id}"]`);
    const pid = async (id: string) => /pid (\d+)/.exec((await agent(id).textContent()) ?? '')?.[1];
    const before = await until('shop:lead has a pid', () => pid('shop:lead'));

    await agent('shop:lead').getByRole('button', { name: 'kill -9' }).click();
    await agent('blog:writer').getByRole('button', { name: 'Crash loop' }).click();
    await agent('shop:search').getByRole('combobox').selectOption('stub-slow');
    await agent('blog:editor').getByRole('button', { name: 'Ignore signals' }).click();
    await agent('blog:editor').getByText('ignores signals').waitFor();
    await type('/team drain blog:editor 1s');

    await message('blog:editor had to be killed').waitFor();
    await agent('shop:search').getByText('runs two-ctrl-c until a reload').waitFor();
    await until(
      'shop:lead has another pid',
      async () => ![undefined, before].includes(await pid('shop:lead')),
    );
    await agent('blog:writer').getByText('restarting').waitFor();
    await picture('host');
    await agent('blog:writer').getByRole('button', { name: 'Behave again' }).click();
    await agent('blog:writer').getByText('crashes every 2 s').waitFor({ state: 'hidden' });
    expect(await agent('blog:editor').textContent()).toContain('stopped');
  });

  describe('of which one sandbox sees all', () => {
    const sandbox = scriptForAll('sandbox');

    test('who may not change anything is told so, and nobody else sees it', async () => {
      const origin = await originOf(sandbox());
      const ana = await visit(browser(), origin);
      const bo = await visit(browser(), origin, { at: '#as=bo' });

      await bo.type('/team down shop');
      await bo.message('You may look but not change').waitFor();
      await bo.picture('refused');
      await bo.become('Eve');
      await bo.page.locator('#people input[value=eve]:checked').waitFor();
      await bo.type('/team status');
      await bo.page.locator('.only-you').waitFor();

      expect(await bo.page.locator('.message').count()).toBe(1);
      expect(await bo.page.locator('table').count()).toBe(0);
      expect(await ana.page.locator('.message').count()).toBe(0);
    });

    test('a status is a table with a row for every agent, and is edited in place', async () => {
      const { page, type, message, picture } = await visit(browser(), await originOf(sandbox()));

      await type('/team status');
      const status = message('of 7 running');
      await status.waitFor();

      expect(await status.getByRole('columnheader').first().textContent()).toBe('agent');
      expect(await status.getByRole('row').count()).toBe(8);
      await picture('status');
      await status.getByRole('button', { name: 'Refresh' }).focus();
      await page.keyboard.press('Enter');
      await status.getByText('(edited)').waitFor();
      expect(await page.locator('#message-list > .message').count()).toBe(1);
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Refresh');
    });

    test('on a phone everything is there, nothing is wider than the screen, and rows of a table stay rows', async () => {
      const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
      const { page, type, message, picture } = await visit(browser(), await originOf(sandbox()), phone);
      const overflows = () => page.evaluate('document.documentElement.scrollWidth > innerWidth');

      await picture('phone-welcome');
      await type('/team status');
      await message('of 7 running').waitFor();
      await picture('phone-status');
      expect(await overflows()).toBe(false);
      const rows = await page.getByRole('row').all();
      const heights = await Promise.all(rows.map(async (row) => (await row.boundingBox())?.height ?? 0));
      expect(Math.max(...heights)).toBeLessThan(60);
      await page.getByRole('button', { name: 'Host', exact: true }).click();
      await page.locator('[data-agent="shop:pay"]').waitFor();
      await picture('phone-host');
      expect(await overflows()).toBe(false);
      await page.getByRole('button', { name: 'Close the host' }).click();
      await message('of 7 running').waitFor();
    });

    test('the conversation outlives a reload of the page, and the page says when the sandbox has ended', async () => {
      const visitor = await visit(browser(), await originOf(sandbox()), { mayComplain: true });
      await visitor.type('/team status');
      await visitor.message('of 7 running').waitFor();

      await visitor.page.reload();
      await visitor.message('of 7 running').waitFor();
      await end(sandbox());

      await visitor.page.getByText('The sandbox does not answer').waitFor();
    });
  });
});
