// A browser of the machine, where there is one: Chromium, driven by playwright-core, which brings none of its own.

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Browser } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** AGENTS_TEST_CHROMIUM, or one on PATH; undefined where there is none. */
export function findChromium(): string | undefined {
  const named = process.env.AGENTS_TEST_CHROMIUM;
  if (named !== undefined && named !== '') return named;
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isProgram);
}

export async function openBrowser(executablePath: string): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  // Tests run as root in containers, where its sandbox has no place; it is shown nothing but pages of our own.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--mute-audio'] });
}
