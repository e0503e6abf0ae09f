// Measuring side by side: two things in turn, again and again, compared pair by pair, so that a machine that slows
// down slows both.

import { spawn } from 'node:child_process';

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
};

/** A process from start to end, in ms. */
export async function wholeProcess(command, env = {}) {
  const started = performance.now();
  await ended(
    spawn(command[0], command.slice(1), {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  return performance.now() - started;
}

/** A process from start to its first output, in ms; it is killed then. */
export async function firstOutput(command, env = {}) {
  const started = performance.now();
  const child = spawn(command[0], command.slice(1), {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const took = performance.now() - started;
  child.kill('SIGKILL');
  await ended(child);
  return took;
}

function ended(child) {
  child.stdout?.resume();
  return new Promise((resolve) => child.once('close', resolve));
}

/** Medians of both and of their ratio, over so many pairs after one that is not counted. */
export async function pairs(one, other, count = 15) {
  const ones = [];
  const others = [];
  const ratios = [];
  for (let at = 0; at <= count; at++) {
    const first = await one();
    const second = await other();
    if (at === 0) continue;
    ones.push(first);
    others.push(second);
    ratios.push(first / second);
  }
  return { one: median(ones), other: median(others), ratio: median(ratios) };
}

let missed = 0;

/** A line of the table. */
export function row(what, figure, budget, isMet, detail = '') {
  if (!isMet) missed++;
  const line = [what.padEnd(44), figure.padStart(12), budget.padStart(12), isMet ? 'met' : 'MISSED', detail];
  process.stdout.write(`${line.join('  ').trimEnd()}\n`);
}

/** How many budgets were not met. */
export const missedBudgets = () => missed;
