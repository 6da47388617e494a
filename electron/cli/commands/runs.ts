import { relative, resolve } from 'node:path';
import { conflictingOptions } from '../../../shared/diagnostics/catalog/commandLine';
import type { RunSummary } from '../../../shared/host/api';
import { findRuns, runColumns, runJson, runLines, runsCsv, sortRuns } from '../../../shared/training/runTable';
import { formatBytes, formatCount } from '../../../shared/text';
import { defineCommand, jsonOption, type ExitCode } from '../command';
import { reportDiagnostics, reportFailure } from '../report';
import type { Terminal } from '../terminal';
import { tableLines } from '../table';
import { withHost } from '../withHost';

/** `convloom runs`. */
export const runs = defineCommand({
  name: 'runs',
  summary: 'the runs that were trained here, as a table',
  details: [
    'Newest first, or by any column with --sort; a column with a minus before it is turned round: --sort -best. Words of --search are looked for',
    'in all columns. --json prints one array, --jsonl one run a line, each with its settings; --csv a table for a spreadsheet.',
    'A run is renamed and tagged in the app, or tagged as it starts: `convloom train --tag`.',
    'Runs are kept until they are deleted: --keep 100 deletes those that are older than the newest 100, have ended, and have no tag.',
    'With --dry-run it only says how many that would be.',
  ].join('\n'),
  positionals: [
    {
      name: 'DIR',
      doc: "a folder with runs that were trained with --run; by default those in the app's own",
      optional: true,
    },
  ],
  options: {
    sort: {
      type: 'choice',
      values: runColumns.flatMap(({ id }) => [id, `-${id}`]),
      doc: 'the column to sort by, the smallest first; with a minus the largest',
    },
    tag: { type: 'text', placeholder: 'TAG', doc: 'only runs with this tag' },
    search: { type: 'text', placeholder: 'WORDS', doc: 'only runs in which all of these are found' },
    keep: {
      type: 'integer',
      min: 0,
      max: 1_000_000,
      doc: 'delete the runs that are older than the newest N, have ended, and have no tag',
    },
    'dry-run': { type: 'flag', doc: 'with --keep: say what would go, and delete nothing' },
    csv: { type: 'flag', doc: 'print comma-separated values' },
    jsonl: { type: 'flag', doc: 'print JSON, one run a line' },
    json: jsonOption,
  },
  run: async ({ options, positionals: [dir] }, terminal) => {
    const { json, jsonl, csv, sort = '-startedAt', tag, search } = options;
    if ([json, jsonl, csv].filter(Boolean).length > 1) {
      const oneForm = conflictingOptions(
        '--json, --jsonl and --csv exclude each other.',
        '--json、--jsonl 和 --csv 只能选一个。',
      );
      return reportDiagnostics([oneForm], json, terminal);
    }
    if (options.keep !== undefined || options['dry-run']) return await prune(options, dir, terminal);
    const list = await withHost(
      async (host) => await host.request('run.list', dir === undefined ? {} : { dir: resolve(dir) }),
    );
    if (!list.ok) return reportFailure(list, json, terminal);
    const isDescending = sort.startsWith('-');
    const found = findRuns(list.value, { tag: tag ?? null, ...(search === undefined ? {} : { search }) });
    const sorted = sortRuns(found, sort.replace(/^-/, ''), isDescending);
    if (json) terminal.out(JSON.stringify(sorted.map(runJson), null, 2));
    else if (jsonl || csv) {
      const text = jsonl ? runLines(sorted) : runsCsv(sorted);
      if (text !== '') terminal.out(text.trimEnd());
    } else for (const line of runTableLines(sorted, dir)) terminal.out(line);
    return 0;
  },
});

type PruneOptions = {
  readonly keep?: number | undefined;
  readonly 'dry-run': boolean;
  readonly json: boolean;
} & { readonly [name in 'sort' | 'tag' | 'search' | 'csv' | 'jsonl']?: unknown };

/** Deletes the older runs of the app's own folder that nobody tagged, or says how many these are. */
async function prune(options: PruneOptions, dir: string | undefined, terminal: Terminal): Promise<ExitCode> {
  const { keep, json, 'dry-run': isTrial, sort, tag, search, csv, jsonl } = options;
  const isMixed =
    dir !== undefined || [sort, tag, search, csv, jsonl].some((one) => one !== undefined && one !== false);
  if (keep === undefined || isMixed) {
    const alone = conflictingOptions(
      "--keep N goes with --dry-run and --json alone: what it deletes is of the app's own folder, by age and tags.",
      '--keep N 只能与 --dry-run、--json 一起使用：它按时间和标签删除应用自己文件夹中的记录。',
    );
    return reportDiagnostics([alone], json, terminal);
  }
  const gone = await withHost(async (host) => await host.request('run.prune', { keep, isTrial }));
  if (!gone.ok) return reportFailure(gone, json, terminal);
  const { runs: count, bytes } = gone.value;
  if (json) terminal.out(JSON.stringify({ runs: count, bytes, deleted: !isTrial }));
  else {
    const what = `${formatCount(count)} ${count === 1 ? 'run' : 'runs'} of ${formatBytes(bytes)}`;
    terminal.out(isTrial ? `${what} would be deleted.` : `${what} deleted.`);
  }
  return 0;
}

/** Runs as a printed table, each by what other commands take: its id, or the folder where it is kept. */
export function runTableLines(list: readonly RunSummary[], dir?: string): readonly string[] {
  if (list.length === 0) {
    return [
      dir === undefined
        ? 'No runs here; `convloom runs DIR` looks in a folder of your own.'
        : `No runs in ${resolve(dir)}.`,
    ];
  }
  const nameOf = (run: RunSummary): string => (dir === undefined ? run.id : relative('.', run.dir) || '.');
  return tableLines(
    [
      { title: dir === undefined ? 'Id' : 'Folder', align: 'left' },
      ...runColumns.map(({ label, isNumber }) => ({ title: label.en, align: isNumber ? 'right' : 'left' }) as const),
    ],
    list.map((run) => [nameOf(run), ...runColumns.map(({ show }) => show(run, 'en'))]),
  );
}
