import process from 'node:process';

/**
 * Whether to skip, and what to add to the test's name then. What is named in REQUIRE_BACKENDS (`tmux,systemd,chromium`) is never skipped:
 * its tests run, and fail on what is missing.
 */
export function backendSkip(name: string, missing: string | undefined): { skip: boolean; reason: string } {
  const required = (process.env.REQUIRE_BACKENDS ?? '').split(',').map((entry) => entry.trim());
  if (missing === undefined) return { skip: false, reason: '' };
  if (required.includes(name)) return { skip: false, reason: ` (required, but ${missing})` };
  process.stdout.write(`${name}: skipped, ${missing}\n`);
  return { skip: true, reason: ` (skipped: ${missing})` };
}
