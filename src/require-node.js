import { fileURLToPath } from 'node:url';

// Plain JavaScript that any Node can read: it runs before the first TypeScript file is opened.
const needed = 24;
const running = Number(process.versions.node.split('.')[0]);
if (running < needed) {
  process.stderr.write(
    `Muster needs Node ${needed} and this is Node ${process.versions.node}: run "npm ci" (it brings Node ${needed} along as an optional dependency; leave --omit=optional out), or install Node ${needed}.\n`,
  );
  process.exit(1);
}
// Without it every start translates all TypeScript anew, which costs a second and 20 MB that stay. A place of its own: Node's is in the temporary directory, where others may write.
const { enableCompileCache } = await import('node:module');
enableCompileCache?.(fileURLToPath(new URL('../node_modules/.cache/muster/compiled', import.meta.url)));
