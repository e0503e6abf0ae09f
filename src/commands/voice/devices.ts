// The programs that record and play sound, and how each is told to use raw PCM: 16 bits, mono, little-endian.

import type { Host } from '../../context.js';
import { CliError } from '../../errors.js';
import { findProgram } from '../../programs.js';

export type Way = 'record' | 'play';

interface Device {
  program: string;
  /** Where it can be used; everywhere when nothing is said. */
  platforms?: readonly string[];
  args(rate: number, platform: string): string[];
  /** Plays a WAV file, named last, instead of what comes on stdin. */
  playsFile?: true;
}

const soxRaw = (rate: number) => ['-t', 'raw', '-r', `${rate}`, '-e', 'signed', '-b', '16', '-c', '1', '-L'];
const alsa = (rate: number) => ['-q', '-t', 'raw', '-f', 'S16_LE', '-r', `${rate}`, '-c', '1'];

/** The first that is there is used. */
export const devices: Record<Way, readonly Device[]> = {
  record: [
    { program: 'rec', args: (rate) => ['-q', '--buffer', '1024', ...soxRaw(rate), '-'] },
    { program: 'sox', args: (rate) => ['-q', '--buffer', '1024', '-d', ...soxRaw(rate), '-'] },
    { program: 'arecord', platforms: ['linux'], args: alsa },
    {
      program: 'ffmpeg',
      // On Windows it takes no default device.
      platforms: ['linux', 'darwin'],
      args: (rate, platform) => [
        ...['-loglevel', 'error', '-nostdin'],
        ...(platform === 'darwin'
          ? ['-f', 'avfoundation', '-i', ':default']
          : ['-f', 'alsa', '-i', 'default']),
        ...['-ac', '1', '-ar', `${rate}`, '-f', 's16le', '-'],
      ],
    },
  ],
  play: [
    { program: 'play', args: (rate) => ['-q', '--buffer', '1024', ...soxRaw(rate), '-'] },
    { program: 'sox', args: (rate) => ['-q', '--buffer', '1024', ...soxRaw(rate), '-', '-d'] },
    { program: 'aplay', platforms: ['linux'], args: alsa },
    {
      program: 'ffplay',
      args: (rate) => [
        ...['-loglevel', 'error', '-nodisp', '-autoexit'],
        ...['-f', 's16le', '-sample_rate', `${rate}`, '-i', '-'],
      ],
    },
    { program: 'afplay', platforms: ['darwin'], args: () => [], playsFile: true },
  ],
};

export interface FoundDevice {
  program: string;
  path: string;
  args: string[];
  playsFile: boolean;
}

/** The program used for a way; undefined when the machine has none. */
export function findDevice(way: Way, rate: number, host: Host): FoundDevice | undefined {
  for (const { program, platforms, args, playsFile = false } of devices[way]) {
    if (platforms !== undefined && !platforms.includes(host.platform)) continue;
    const path = findProgram(program, host);
    if (path !== undefined) return { program, path, args: args(rate, host.platform), playsFile };
  }
  return undefined;
}

/** The same; throws CliError `usage` saying what to install, for the flag that asked for it. */
export function needDevice(
  way: Way,
  rate: number,
  host: Host,
  flag = way === 'record' ? '--mic' : '--speaker',
): FoundDevice {
  const found = findDevice(way, rate, host);
  if (found !== undefined) return found;
  const names = devices[way]
    .filter(({ platforms }) => platforms === undefined || platforms.includes(host.platform))
    .map(({ program }) => program);
  throw new CliError(
    'usage',
    `${flag} needs one of these programs, and none is on PATH: ${names.join(', ')}`,
    {
      hint: howToInstall(host.platform),
    },
  );
}

/** How to get a program that records and plays. */
export function howToInstall(platform: string): string {
  if (platform === 'darwin') return 'install sox: brew install sox';
  if (platform === 'win32') return 'install sox: winget install sox, or choco install sox.portable';
  return 'install sox or alsa-utils: for example sudo apt-get install sox';
}
