import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exitTimeOut, fitsXml, jobOf, jobPlist, plistText } from '../../../../src/supervisor/launchd/job.ts';
import { parsePlist } from '../../../fakes/launchd/launchctl-plist.ts';

const description = {
  job: jobOf('/srv/team', { project: 'shop', agent: 'dev' }),
  program: ['/bin/sh', '/srv/R&D/<a>.sh'],
  cwd: '/srv/team',
  env: { PATH: '/usr/bin', PS1: '\x1b[1m$', ABSENT: undefined },
  budgetMs: 10_000,
};

describe('what launchd is told of an agent', () => {
  it('is a job that is started again unless it exits with 0, in a session with or without a screen', () => {
    expect(parsePlist(jobPlist(description))).toEqual({
      Label: description.job.label,
      ProgramArguments: ['/bin/sh', '/srv/R&D/<a>.sh'],
      WorkingDirectory: '/srv/team',
      EnvironmentVariables: { PATH: '/usr/bin' },
      StandardOutPath: description.job.log,
      StandardErrorPath: description.job.log,
      RunAtLoad: true,
      KeepAlive: { SuccessfulExit: false },
      ThrottleInterval: 10,
      ExitTimeOut: 10,
      ProcessType: 'Interactive',
      LimitLoadToSessionType: ['Aqua', 'Background'],
    });
  });

  it('escapes what XML would take for its own', () => {
    expect(plistText(['a<b>&c', 'x\r\ny'])).toContain(
      '<array><string>a&lt;b&gt;&amp;c</string><string>x&#13;\ny</string></array>',
    );
  });

  it('carries any text unchanged, or refuses it', { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary' }), { maxLength: 3 }),
        fc.string({ unit: 'binary' }),
        (values, key) => {
          const value = { [`k${key}`]: values };
          if ([key, ...values].every(fitsXml)) expect(parsePlist(plistText(value))).toEqual(value);
          else expect(() => plistText(value)).toThrow('a property list cannot hold');
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([
    [0, 1],
    [1, 1],
    [1000, 1],
    [1001, 2],
    [600_000, 600],
  ])('a budget of %i ms is ExitTimeOut %i: 0 would be for ever', (budgetMs, seconds) => {
    expect(exitTimeOut(budgetMs)).toBe(seconds);
  });
});

describe('the label of a job', () => {
  it('can be read', () => {
    expect(jobOf('/srv/team', { project: 'shop', agent: 'dev' }).label).toMatch(
      /^muster\.[0-9a-f]{8}\.shop\.dev$/,
    );
  });

  it('differs for Dev and dev also in a file system that takes one for the other', () => {
    const labels = ['Dev', 'dev', 'dEv'].map((agent) => jobOf('/srv/team', { project: 'shop', agent }).label);

    expect(new Set(labels.map((label) => label.toLowerCase())).size).toBe(3);
  });

  it('differs for two agents, also where upper case is lower case, and is safe as a file name', () => {
    const name = fc.string({ minLength: 1, maxLength: 6, unit: fc.constantFrom(...'aAbB01_-.~:/ é') });
    const agent = fc.record({ root: fc.constantFrom('/a', '/b'), project: name, agent: name });
    fc.assert(
      fc.property(agent, agent, (one, other) => {
        const labels = [one, other].map(({ root, ...spec }) => jobOf(root, spec).label);
        const areSame = JSON.stringify(one) === JSON.stringify(other);
        expect(labels[0]?.toLowerCase() === labels[1]?.toLowerCase()).toBe(areSame);
        expect(labels[0]).toMatch(/^[A-Za-z0-9._~-]+$/);
      }),
      { numRuns: 500 },
    );
  });
});
