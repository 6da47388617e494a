import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { invalidPath } from '../../../shared/diagnostics/catalog/file';
import type { ImportResult } from '../../../shared/host/api';
import { readRegularText } from '../../files/regularFile';
import type { Host } from '../../host';
import { defineCommand, jsonOption, type ExitCode } from '../command';
import { reportFailure } from '../report';
import { tableLines } from '../table';
import { withHost } from '../withHost';

/** How far answers may be apart, of their largest value. */
const tolerance = 1e-4;

/** What a file beside a model, `NAME.expected.json`, says that the program it comes from counts. */
const expectedSchema = z.object({
  params: z.number().optional(),
  trainableParams: z.number().optional(),
  macs: z.number().optional(),
});

/** What became of one model file. `reasons` are for what is false. */
type Covered = {
  readonly file: string;
  /** A network came of it, and every operation of the file is a layer of it. */
  readonly opened: boolean;
  /** Its shapes are those that the file declares, and its counts those that the other program has. */
  readonly exact: boolean;
  /** Its answers are the file's own; null where nothing here can run the file. */
  readonly equal: boolean | null;
  readonly difference: number | null;
  readonly reasons: readonly string[];
};

/** `convloom coverage`. */
export const coverage = defineCommand({
  name: 'coverage',
  summary: 'how many model files of a folder are imported, exact, and equal',
  details: [
    '  Every model file in DIR is imported. Opened: all of its operations are layers. Exact: its shapes are those that the file declares, and',
    '  its parameters and multiply-adds those of NAME.expected.json ({"params", "macs"}) where that lies beside it. Equal: run by its own',
    `  engine on random input, the largest difference is below ${tolerance} of the largest value.`,
  ].join('\n'),
  positionals: [{ name: 'DIR', doc: 'a folder of model files' }],
  options: { json: jsonOption },
  run: async ({ options: { json }, positionals: [given = ''] }, terminal): Promise<ExitCode> => {
    const dir = resolve(given);
    const isFolder = existsSync(dir) && (await stat(dir)).isDirectory();
    if (!isFolder) return reportFailure({ ok: false, diagnostics: [invalidPath(dir)] }, json, terminal);
    const files = (await readdir(dir)).filter((name) => /\.onnx$/i.test(name)).sort();
    return await withHost(async (host): Promise<ExitCode> => {
      const covered: Covered[] = [];
      for (const file of files) {
        terminal.progress(`${covered.length + 1} of ${files.length}: ${file}`);
        const one = await cover(host, dir, file);
        covered.push(one);
        if (json) terminal.out(JSON.stringify(one));
      }
      const totals = {
        files: covered.length,
        opened: covered.filter(({ opened }) => opened).length,
        exact: covered.filter(({ exact }) => exact).length,
        equal: covered.filter(({ equal }) => equal === true).length,
      };
      if (json) terminal.out(JSON.stringify({ totals }));
      else {
        for (const line of tableLines(columns, covered.map(row))) terminal.out(line);
        terminal.out(
          `${totals.opened} of ${totals.files} opened, ${totals.exact} exact, ${totals.equal} numerically equal.`,
        );
      }
      return 0;
    });
  },
});

const columns = [
  { title: 'File', align: 'left' },
  { title: 'Opened', align: 'left' },
  { title: 'Exact', align: 'left' },
  { title: 'Equal', align: 'left' },
  { title: 'Difference', align: 'right' },
  { title: 'Why not', align: 'left' },
] as const;

function row({ file, opened, exact, equal, difference, reasons }: Covered): readonly string[] {
  const mark = (value: boolean | null): string => (value === null ? '?' : value ? 'yes' : 'no');
  const shown = difference === null ? '' : difference.toExponential(1);
  return [file, mark(opened), mark(exact), mark(equal), shown, reasons.join('; ')];
}

async function cover(host: Host, dir: string, file: string): Promise<Covered> {
  const imported = await host.request('import.read', { path: join(dir, file) });
  if (!imported.ok) {
    const reasons = imported.diagnostics.map(({ summary }) => summary.en.replaceAll(join(dir, file), file));
    return { file, opened: false, exact: false, equal: null, difference: null, reasons };
  }
  const { document, report, proof, notProved, hasWeights } = imported.value;
  const analysis = analyzeNetwork(document);
  const opaque = report.filter(({ status }) => status === 'opaque');
  const errors = analysis.diagnostics.filter(({ severity }) => severity === 'error');
  const opened = opaque.length === 0 && errors.length === 0;
  const missing = hasWeights ? [] : report.filter(({ status }) => status === 'left' && !opened).slice(0, 1);
  const differs = await differences(join(dir, file), analysis.totals, report);
  const difference = proof === null ? null : proof.maxDifference / Math.max(proof.scale, Number.MIN_VALUE);
  const equal = difference === null ? null : difference <= tolerance;
  return {
    file,
    opened,
    exact: opened && differs.length === 0,
    equal,
    difference,
    reasons: [
      ...opaque.map(({ source, why }) => `${source}: ${why?.en ?? 'opaque'}`).slice(0, 3),
      ...errors.map(({ summary }) => summary.en).slice(0, 3),
      ...missing.map(({ source, why }) => `${source}: ${why?.en ?? 'left'}`),
      ...differs,
      ...(equal === false ? ['its answers differ'] : []),
      ...(proof === null ? [`not compared: ${notProved?.en ?? 'it has no weights'}`] : []),
    ],
  };
}

/** What the network counts otherwise than the file, or the program that it comes from. */
async function differences(
  path: string,
  totals: ReturnType<typeof analyzeNetwork>['totals'],
  report: ImportResult['report'],
): Promise<readonly string[]> {
  const findings = report.filter(({ isFinding }) => isFinding === true);
  const shapes = findings.map(({ source, why }) => `${source}: ${why?.en ?? ''}`).slice(0, 3);
  const beside = path.replace(/\.[^.]+$/, '.expected.json');
  if (!existsSync(beside)) return shapes;
  const expected = expectedSchema.safeParse(JSON.parse(await readRegularText(beside)));
  if (!expected.success) return [...shapes, `${beside} does not say what is expected`];
  const counts = (['params', 'trainableParams', 'macs'] as const).flatMap((name) => {
    const wanted = expected.data[name];
    return wanted === undefined || totals[name] === wanted ? [] : [`${name} ${String(totals[name])}, not ${wanted}`];
  });
  return [...shapes, ...counts];
}
