// Measuring side by side: two things in turn, again and again, compared pair by pair, so that a machine that slows
// down slows both.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

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

/**
 * What a program of Node took, from start to end: milliseconds, seconds of processor time, the most memory in MB; and its
 * exit code. Linux tells the middle two of a process while it is there: looked at until it is gone.
 */
export async function used(command, env = {}) {
  const started = performance.now();
  const child = spawn(process.execPath, command, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  let last = { seconds: 0, megabytes: 0 };
  const look = setInterval(() => {
    last = usageOf(child.pid) ?? last;
  }, 5);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(look);
  return { ...last, ms: performance.now() - started, code };
}

function usageOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const megabytes = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
    // Gone, but for its entry.
    if (Number.isNaN(megabytes)) return undefined;
    // In ticks, of which Linux has 100 a second.
    return { seconds: (Number(stat[11]) + Number(stat[12])) / 100, megabytes };
  } catch {
    return undefined;
  }
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
