import type { NetworkAnalysis } from '../../../shared/analysis/types';
import { success } from '../../../shared/diagnostics/diagnostic';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import { printSvg } from '../../../shared/exports/figures/svg';
import { printLatex } from '../../../shared/exports/tables/latex';
import { printMarkdown } from '../../../shared/exports/tables/markdown';
import { layerTable } from '../../../shared/exports/tables/rows';
import { drawFigure } from '../../../shared/figures';
import type { Figure } from '../../../shared/figures/figure';
import type { CancelSignal } from '../../../shared/host/api';
import type { FloatTensors } from '../../../shared/ops/tensor';
import type { ExportTargetId } from '../../../shared/schema/exports';
import type { FigureOptions } from '../../../shared/schema/figures';
import type { NetworkDocument } from '../../../shared/schema/document';
import type { Model } from '../../files/models';
import type { Answerer } from '../answerer';
import type { ProofOutcome, Sample } from '../proof';
import { findFigureFonts, type FigureFonts } from './figureFonts';
import { printPdf } from './figurePdf';
import { printPng } from './figurePng';
import { tfjs } from './tfjs';
import { jax } from './jax';
import { keras } from './keras';
import { nnc } from './nnc';
import { onnx } from './onnx';
import { safetensors } from './safetensors';
import { savedmodel } from './savedmodel';
import { pytorch } from './pytorch';
import { typescript } from './typescript';

/** A file's contents, or a folder's files by their names with `/` between. */
export type Printed = ReadonlyMap<string, Uint8Array | string> | Uint8Array | string;

/** What is to be written. */
export type Order = {
  readonly document: NetworkDocument;
  readonly analysis: NetworkAnalysis;
  /** The model whose weights go along; null where none was named. */
  readonly model: Model | null;
  /** The model's weights, else initial ones, always the same: for a form that cannot be without, and for its proof. */
  readonly weights: () => FloatTensors;
  /** What the model gives for a random input; null where it cannot be asked. Costs a run of the network. */
  readonly sample: () => Promise<Sample | null>;
  readonly figure: FigureOptions;
  /** Asks the trainer process, where foreign models are run. */
  readonly ask: Answerer['ask'];
  readonly signal: CancelSignal | undefined;
};

/** One way to write a network, beside its entry in `shared/schema/exports.ts`. */
export type Target = {
  readonly print: (order: Order) => Result<Printed> | Promise<Result<Printed>>;
  /** Runs what was printed in its own runtime, in a scratch folder of its own, and compares. Absent: nothing computes there. */
  readonly prove?: (printed: Printed, sample: Sample, order: Order) => Promise<ProofOutcome>;
};

/** A target that is drawn and needs fonts for it. */
function drawn(
  print: (figure: Figure, fonts: FigureFonts, options: FigureOptions) => Promise<Result<Printed>>,
): Target {
  return {
    print: async ({ document, analysis, figure: options }) => {
      const figure = drawFigure(document, analysis, options);
      const fonts = findFigureFonts(figure);
      return fonts.ok ? await print(figure, fonts.value, options) : fonts;
    },
  };
}

/** How each target is written; one that is declared as built and has no entry is a compile error. */
export const targets: { readonly [Id in ExportTargetId]: Target } = {
  typescript,
  tfjs,
  pytorch,
  keras,
  jax,
  onnx,
  savedmodel,
  safetensors,
  nnc,
  svg: {
    print: ({ document, analysis, figure }) => success(printSvg(drawFigure(document, analysis, figure), figure.width)),
  },
  pdf: drawn(async (figure, fonts, { width }) => success(await printPdf(figure, fonts, width))),
  png: drawn(printPng),
  markdown: {
    print: ({ document, analysis, figure }) => success(printMarkdown(layerTable(document, analysis, figure.language))),
  },
  latex: {
    print: ({ document, analysis, figure }) => success(printLatex(layerTable(document, analysis, figure.language))),
  },
};
