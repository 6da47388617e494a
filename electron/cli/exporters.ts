import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import { printSvg } from '../../shared/exports/figures/svg';
import { fileExists } from '../../shared/diagnostics/catalog/file';
import { failure, success, type Result } from '../../shared/diagnostics/diagnostic';
import type { NetworkDocument } from '../../shared/schema/document';
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

/** One target of `convloom export`. */
export type Exporter = {
  readonly format: string;
  readonly doc: string;
  readonly takesWeights: boolean;
  /** Gives the files that were written. */
  write(request: ExportRequest): Promise<Result<{ readonly files: readonly string[] }>>;
};

/** Formats that the command line knows by name although this version does not write them. */
export const plannedFormats: readonly string[] = ['keras', 'pytorch', 'onnx', 'savedmodel', 'tfjs'];

/** What can be written, in the order of the help. */
export const exporters: readonly Exporter[] = [
  {
    format: 'typescript',
    doc: 'a TypeScript project for @tensorflow/tfjs in a new or empty folder',
    takesWeights: true,
    write: async ({ document, runDir, output }) => {
      const run = runDir === null ? null : { id: basename(runDir), dir: runDir };
      const written = await exportTypescript(document, run, output);
      return written.ok
        ? { ok: true, value: { files: written.value.files.map((file) => join(output, file)) } }
        : written;
    },
  },
  {
    format: 'svg',
    doc: 'a picture of the network, for a paper or a slide; a network with errors too',
    takesWeights: false,
    write: async ({ document, output, force }) => {
      try {
        if (!force && existsSync(output)) return failure(fileExists(output));
        await writeFileAtomically(output, printSvg(document, analyzeNetwork(document)));
        return success({ files: [output] });
      } catch (error) {
        return failure(fileDiagnostic(error, output, 'save'));
      }
    },
  },
];
