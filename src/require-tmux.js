// Runs before anything that needs a real tmux, so that the first line of output says what is missing.
import { spawnSync } from 'node:child_process';

if (spawnSync('tmux', ['-V'], { stdio: 'ignore' }).error) {
  process.stderr.write(
    'tmux is missing: install it with "apt-get install tmux" (Debian, Ubuntu), "dnf install tmux" (Fedora) or "brew install tmux" (macOS).\n',
  );
  process.exit(1);
}
