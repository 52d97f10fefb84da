import { createProjectLocks } from '../../src/operations/locks/project-locks.ts';
import { createLocalSite } from '../../src/site/local-site.ts';
import { createFakeSite } from '../fakes/fake-site.ts';
import { createManualTimers } from '../fakes/manual-timers.ts';
import { siteThroughJson } from '../fakes/site-through-json.ts';
import { self } from '../unit/journal/journal-under-test.ts';
import { createRunningTeam } from '../unit/operations/team-under-test.ts';
import { describeSite } from './site-contract.ts';
import type { SiteHarness } from './site-under-contract.ts';

async function localSite(): Promise<SiteHarness> {
  const { host, records, supervisor } = await createRunningTeam(undefined, {
    'shop:pay': { lastLines: ['one', 'two'] },
  });
  const timers = createManualTimers(Date.now());
  const lives = async ({ pid }: { readonly pid: number }) => pid === self.pid;
  const before = supervisor.calls.length;
  return {
    site: createLocalSite({ host, records, locks: createProjectLocks(), self, lives, timers }),
    set: (id, change) => supervisor.set(id, change),
    touched: () =>
      supervisor.calls
        .slice(before)
        .filter(({ verb }) => verb === 'up' || verb === 'down' || verb === 'drain')
        .map(({ verb, agents }) => `${verb} ${agents.join()}`),
    advance: timers.advance,
  };
}

describeSite('in this process', localSite);

describeSite('in this process, through JSON', async () => {
  const { site, ...rest } = await localSite();
  return { site: siteThroughJson(site), ...rest };
});

describeSite('a fake', async () => {
  const { touched, ...rest } = createFakeSite({
    'shop:pay': { lines: ['one', 'two'] },
    'shop:cart': {},
    'shop:lead': {},
  });
  return { ...rest, touched: () => touched };
});
