import { execFileSync } from 'node:child_process';

/** Builds dist/ once before all tests. */
export function setup(): void {
  execFileSync(process.execPath, ['bin/build.js'], { stdio: 'inherit' });
}
