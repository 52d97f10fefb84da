#!/usr/bin/env node
// Stands in for an agent's CLI wherever a real one would cost money: a program that behaves, or misbehaves, as told.
// Plain JavaScript without dependencies, because agents run on the host's own Node and not on ours.
//
//   stub-agent.js [--ignore INT,TERM,HUP] [--need-two-ctrl-c] [--raw] [--flush 2s] [--fork-setsid]
//                 [--leave-child] [--exit CODE] [--after 1s] [--spin] [--dump-env FILE] [--moods DIRECTORY]
//   stub-agent.js --model stub-NAME[:flag[=value][,...]]     NAME: see `characters`; as claude, codex or gemini are called
//
// A file in the directory of moods, named as AGENT_ID, holds a NAME as above: while it is there, the agent is like that.
// Arguments it does not know are ignored.
import { spawn } from 'node:child_process';
import { readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const characters = {
  polite: {},
  slow: { flush: '2s' },
  'two-ctrl-c': { 'need-two-ctrl-c': true },
  stubborn: { ignore: 'INT,TERM,HUP' },
  crashing: { exit: '3', after: '1s' },
};
const valued = ['ignore', 'flush', 'exit', 'after', 'dump-env', 'model', 'moods'];
const plain = ['need-two-ctrl-c', 'raw', 'fork-setsid', 'leave-child', 'spin'];

const behaviour = readBehaviour(process.argv.slice(2));
let mood = {};
let crash;
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
  return { ...characterOf(found.model ?? ''), ...found };
}

function characterOf(model) {
  const [, character, extras] = /^stub-([a-z-]+)(?::(.*))?$/.exec(model) ?? [];
  const extra = (extras ?? '')
    .split(',')
    .filter(Boolean)
    .map((entry) => {
      const [name, ...value] = entry.split('=');
      return [name, value.length > 0 ? value.join('=') : true];
    });
  return { ...characters[character], ...Object.fromEntries(extra) };
}

/** What it is now: what it was started as, and its mood. */
function current() {
  return { ...behaviour, ...mood };
}

function readMood() {
  try {
    mood = characterOf(
      `stub-${readFileSync(join(behaviour.moods, process.env.AGENT_ID ?? ''), 'utf8').trim()}`,
    );
  } catch {
    mood = {};
  }
  clearTimeout(crash);
  const { exit, after } = current();
  if (exit === undefined && after === undefined) return;
  crash = setTimeout(
    () => {
      say(`error: giving up with exit code ${exit ?? 0}`);
      process.exit(Number(exit ?? 0));
    },
    milliseconds(after ?? '0s'),
  );
}

function begin() {
  const ignores = (name) =>
    String(current().ignore ?? '')
      .split(',')
      .includes(name);
  for (const name of ['INT', 'TERM', 'HUP']) {
    process.on(`SIG${name}`, () => (ignores(name) ? say(`ignoring ${name}`) : onSignal(name)));
  }
  if (behaviour.raw && process.stdin.isTTY) {
    process.stdin.setRawMode(true);
    process.stdin.on('data', (keys) => {
      for (const key of keys) if (key === 3) ignores('INT') ? say('ignoring Ctrl-C') : onSignal('INT');
    });
  }
  if (behaviour['dump-env']) writeFileSync(behaviour['dump-env'], JSON.stringify(process.env));
  if (behaviour['fork-setsid']) leave({ detached: true });
  if (behaviour['leave-child']) leave({ detached: false });
  readMood();
  if (behaviour.moods)
    watch(behaviour.moods, (_, name) => name === process.env.AGENT_ID && readMood()).unref();
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
  if (current()['need-two-ctrl-c'] && name === 'INT' && asked === 1) {
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
    milliseconds(current().flush ?? '0s'),
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
