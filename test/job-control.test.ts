import { expect, test } from 'vitest';
import { JobControl } from '../src/job-control.js';

/** A process with a shell, in which a holder of the terminal is told what to do; time passes when told. */
function job() {
  const log: string[] = [];
  const handlers = new Map<string, () => void>();
  const due: (() => void)[] = [];
  const jobs = new JobControl({
    on: (signal, handler) => handlers.set(signal, handler),
    off: (signal, handler) => handlers.get(signal) === handler && handlers.delete(signal),
    stop: (what) => log.push(handlers.has('SIGTSTP') ? 'not stopped' : `stop ${what}`),
    after: (_ms, fire) => {
      due.push(fire);
      return () => due.splice(due.indexOf(fire), due.includes(fire) ? 1 : 0);
    },
  });
  const letGo = jobs.hold({ giveBack: () => log.push('give back'), takeAgain: () => log.push('take') });
  return {
    jobs,
    log,
    letGo,
    raise: (signal: string) => handlers.get(signal)?.(),
    listens: () => [...handlers.keys()].sort(),
    pass: () => due.shift()?.(),
  };
}

test('Ctrl+Z gives the terminal back, stops the job, and takes the terminal when it goes on', () => {
  const { jobs, log, raise, pass } = job();
  jobs.stop();
  expect(log).toEqual(['give back', 'stop job']);
  // Due at once when the process has been stopped for a while.
  pass();
  raise('SIGCONT');
  expect(log).toEqual(['give back', 'stop job', 'take']);
  pass();
  expect(log).toHaveLength(3);
  jobs.stop();
  expect(log.slice(3)).toEqual(['give back', 'stop job']);
});

test('a signal from outside stops this process alone', () => {
  const { log, raise } = job();
  raise('SIGTSTP');
  raise('SIGCONT');
  expect(log).toEqual(['give back', 'stop process', 'take']);
});

test('a job that cannot be stopped goes on by itself', () => {
  const { jobs, log, pass } = job();
  jobs.stop();
  pass();
  pass();
  expect(log).toEqual(['give back', 'stop job', 'take']);
});

test('nobody listens for signals when nobody holds the terminal', () => {
  const { jobs, log, letGo, listens } = job();
  expect(listens()).toEqual(['SIGCONT', 'SIGTSTP']);
  letGo();
  letGo();
  expect(listens()).toEqual([]);
  jobs.giveBack();
  expect(log).toEqual([]);
});

test('who ends at once gives the terminal back', () => {
  const { jobs, log } = job();
  jobs.giveBack();
  expect(log).toEqual(['give back']);
});
