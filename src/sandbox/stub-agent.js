#!/usr/bin/env node
// Stands in for an agent's CLI wherever a real one would cost money: a program that behaves, or misbehaves, as told.
// Plain JavaScript without dependencies, because agents run on the host's own Node and not on ours.
//
//   stub-agent.js [--ignore INT,TERM,HUP] [--need-two-ctrl-c] [--raw] [--flush 2s] [--fork-setsid]
//                 [--leave-child] [--exit CODE] [--after 1s] [--spin] [--dump-env FILE]
//   stub-agent.js --model stub-NAME[:flag[=value][,...]]     NAME: see `characters`; as claude, codex or gemini are called
//
// Arguments it does not know are ignored.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import process from 'node:process';

const characters = {
  polite: {},
  slow: { flush: '2s' },
  'two-ctrl-c': { 'need-two-ctrl-c': true },
  stubborn: { ignore: 'INT,TERM,HUP' },
  crashing: { exit: '3', after: '1s' },
};
const valued = ['ignore', 'flush', 'exit', 'after', 'dump-env', 'model'];
const plain = ['need-two-ctrl-c', 'raw', 'fork-setsid', 'leave-child', 'spin'];

const behaviour = readBehaviour(process.argv.slice(2));
let asked = 0;
let ending = false;
// A terminal that was closed under it ends no agent that means to live on.
process.stdout.on('error', () => {});
begin();

function readBehaviour(args) {
  const found = {};
  for (let index = 0; index < args.length; index += 1) {
    if (args[index] === '--') break;
    const [, name, inline] = /^--([a-z-]+)(?:=(.*))?$/.exec(args[index]) ?? [];
    if (plain.includes(name)) found[name] = true;
    if (valued.includes(name)) found[name] = inline ?? args[++index];
  }
  const [, character, extras] = /^stub-([a-z-]+)(?::(.*))?$/.exec(found.model ?? '') ?? [];
  const extra = (extras ?? '')
    .split(',')
    .filter(Boolean)
    .map((entry) => {
      const [name, ...value] = entry.split('=');
      return [name, value.length > 0 ? value.join('=') : true];
    });
  return { ...characters[character], ...Object.fromEntries(extra), ...found };
}

function begin() {
  const ignored = String(behaviour.ignore ?? '').split(',');
  for (const name of ['INT', 'TERM', 'HUP']) {
    process.on(`SIG${name}`, () => (ignored.includes(name) ? say(`ignoring ${name}`) : onSignal(name)));
  }
  if (behaviour.raw && process.stdin.isTTY) {
    process.stdin.setRawMode(true);
    process.stdin.on('data', (keys) => {
      for (const key of keys)
        if (key === 3) ignored.includes('INT') ? say('ignoring Ctrl-C') : onSignal('INT');
    });
  }
  if (behaviour['dump-env']) writeFileSync(behaviour['dump-env'], JSON.stringify(process.env));
  if (behaviour['fork-setsid']) leave({ detached: true });
  if (behaviour['leave-child']) leave({ detached: false });
  if (behaviour.exit !== undefined || behaviour.after !== undefined) {
    setTimeout(
      () => {
        say(`error: giving up with exit code ${behaviour.exit ?? 0}`);
        process.exit(Number(behaviour.exit ?? 0));
      },
      milliseconds(behaviour.after ?? '0s'),
    );
  }
  say(`ready (pid ${process.pid})`);
  setInterval(() => say('working'), 5000);
  if (behaviour.spin) spin();
}

/** A child that hears no Ctrl-C and no hang-up, and that nobody waits for. */
function leave({ detached }) {
  const child = spawn('/bin/sh', ['-c', "trap '' INT HUP; exec sleep 3600"], { detached, stdio: 'ignore' });
  child.unref();
  say(`left child ${child.pid}`);
}

function onSignal(name) {
  if (name === 'HUP') process.exit(129);
  asked += 1;
  if (behaviour['need-two-ctrl-c'] && name === 'INT' && asked === 1) {
    say('press Ctrl-C again to exit');
    return;
  }
  if (ending) return;
  ending = true;
  say('flushing…');
  setTimeout(
    () => {
      say('bye');
      process.exit(0);
    },
    milliseconds(behaviour.flush ?? '0s'),
  );
}

function spin() {
  const until = Date.now() + 20;
  while (Date.now() < until);
  setImmediate(spin);
}

function milliseconds(text) {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s)?$/.exec(text) ?? [];
  return Number(amount ?? 0) * (unit === 'ms' ? 1 : 1000);
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
