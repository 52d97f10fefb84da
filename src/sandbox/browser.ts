import { spawn } from 'node:child_process';

/** Shows the address in the person's browser; calls back if there is none to ask. */
export function openInBrowser(url: string, onFailure: () => void): void {
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(opener, [url], { stdio: 'ignore', detached: true });
  child.on('error', onFailure);
  child.on('exit', (code) => {
    if (code !== 0) onFailure();
  });
  child.unref();
}
