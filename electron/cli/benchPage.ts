import { resolve } from 'node:path';
import { printReportPage } from '../bench';
import { fileDiagnostic } from '../files/fileErrors';
import { readRegularText } from '../files/regularFile';
import type { BenchOptions } from './benchOptions';
import type { ExitCode } from './command';
import { reportDiagnostics, reportFailure } from './report';
import type { Terminal } from './terminal';
import { writeOutput } from './writeOutput';

type PageOptions = Pick<BenchOptions, 'html' | 'force' | 'json'>;

/** A report has some kilobytes for each case. */
const mostBytes = 16 * 2 ** 20;

/** Draws the page of a report that was printed before. */
export async function drawReport(from: string, options: PageOptions, terminal: Terminal): Promise<ExitCode> {
  const path = resolve(from);
  try {
    return await writePage(await readRegularText(path, mostBytes), path, options, terminal);
  } catch (error) {
    return reportDiagnostics([fileDiagnostic(error, path, 'open')], options.json, terminal);
  }
}

/** Writes the page of a report, which stands at `path`, where one is asked for. */
export async function writePage(
  report: string,
  path: string,
  { html, force, json }: PageOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (html === undefined) return 0;
  const page = printReportPage(report, path);
  if (!page.ok) return reportFailure(page, json, terminal);
  const written = await writeOutput(html, page.value, force);
  if (!written.ok) return reportFailure(written, json, terminal);
  terminal.err(`Wrote ${written.value}`);
  return 0;
}
