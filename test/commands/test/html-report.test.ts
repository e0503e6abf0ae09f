import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { renderHtml } from '../../../src/commands/test/html-report.js';
import type { Context } from '../../../src/context.js';
import { root, temporaryFolder } from '../../support/agents.js';
import { sampleReport } from '../../support/reports.js';

const of = (folder: string) => ({ host: { root: `${folder}/` } }) as Context;

describe('the HTML report as it is written', () => {
  test('brings its looks and its script along', async () => {
    const page = await renderHtml(of(root), sampleReport());
    for (const [name, tag] of [
      ['page.css', 'style'],
      ['page.js', 'script'],
    ]) {
      const asset = readFileSync(join(root, 'dist/report', name as string), 'utf8');
      expect(asset.length).toBeGreaterThan(1000);
      expect(asset).not.toContain(`</${tag}`);
      expect(asset).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
      expect(page).toContain(`<${tag}>${asset}</${tag}>`);
    }
  });

  test('a package that is not whole says which file is missing', async () => {
    await expect(renderHtml(of(temporaryFolder()), sampleReport())).rejects.toMatchObject({
      code: 'unreadable',
      message: expect.stringMatching(/page\.(css|js)/),
    });
  });
});
