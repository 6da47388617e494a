import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import { printSvg } from '../../shared/exports/figures/svg';
import { fileExists } from '../../shared/diagnostics/catalog/file';
import { failure, success, type Result } from '../../shared/diagnostics/diagnostic';
import type { NetworkDocument } from '../../shared/schema/document';
import { exportTargets, type BuiltTargetId, type ExportTarget } from '../../shared/schema/exports';
import { writeFileAtomically } from '../files/atomicFile';
import { exportTypescript } from '../host/exportCode';
import { fileDiagnostic } from '../files/fileErrors';

export type ExportRequest = {
  readonly document: NetworkDocument;
  /** The folder of the run whose weights go along. */
  readonly runDir: string | null;
  /** Absolute. */
  readonly output: string;
  readonly force: boolean;
};

type Written = Result<{ readonly files: readonly string[] }>;

/** One target of `convloom export`. */
export type Exporter = ExportTarget & {
  /** Gives the files that were written. */
  write(request: ExportRequest): Promise<Written>;
};

const writers: { readonly [Id in BuiltTargetId]: (request: ExportRequest) => Promise<Written> } = {
  typescript: async ({ document, runDir, output }) => {
    const run = runDir === null ? null : { id: basename(runDir), dir: runDir };
    const written = await exportTypescript(document, run, output);
    return written.ok ? success({ files: written.value.files.map((file) => join(output, file)) }) : written;
  },
  svg: async ({ document, output, force }) => {
    try {
      if (!force && existsSync(output)) return failure(fileExists(output));
      await writeFileAtomically(output, printSvg(document, analyzeNetwork(document)));
      return success({ files: [output] });
    } catch (error) {
      return failure(fileDiagnostic(error, output, 'save'));
    }
  },
};

/** What can be written, in the order of the help. */
export const exporters: readonly Exporter[] = exportTargets.flatMap((target) =>
  target.isBuilt ? [{ ...target, write: writers[target.id] }] : [],
);
