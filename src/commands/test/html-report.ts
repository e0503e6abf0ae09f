// The HTML report with what it brings along: its looks and its script lie beside the program.

import { join } from 'node:path';
import type { Context } from '../../context.js';
import { readBytes } from '../../files.js';
import { html } from '../../scenario/report/html.js';
import type { Report } from '../../scenario/result.js';

const largestAsset = 1024 * 1024;

/** A report as one page. Throws CliError where the package is not whole. */
export async function renderHtml({ host }: Pick<Context, 'host'>, report: Report): Promise<string> {
  const asset = async (name: string) =>
    (await readBytes(join(host.root, 'dist', 'report', name), largestAsset, name)).toString('utf8');
  const [css, script] = await Promise.all([asset('page.css'), asset('page.js')]);
  return html(report, { css, script });
}
