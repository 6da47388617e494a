import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import { ancestorsOf } from '../../shared/compile/lowering';
import { restingWeights, weightDifferences } from '../../shared/compile/networkWeights';
import { targetNotBuilt, targetTakesNoWeights, weightsDoNotFit } from '../../shared/diagnostics/catalog/exports';
import { fileExists, invalidPath } from '../../shared/diagnostics/catalog/file';
import { requestCancelled } from '../../shared/diagnostics/catalog/host';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { printSvg } from '../../shared/exports/figures/svg';
import { printLatex } from '../../shared/exports/tables/latex';
import { printMarkdown } from '../../shared/exports/tables/markdown';
import { layerTable } from '../../shared/exports/tables/rows';
import { printCheck, printLearned, printTypescript } from '../../shared/exports/typescript';
import type { ReferenceAnswer } from '../../shared/exports/typescript';
import { drawFigure } from '../../shared/figures';
import type { Figure } from '../../shared/figures/figure';
import type { CancelSignal, HostRequests } from '../../shared/host/api';
import { exportTargets } from '../../shared/schema/exports';
import type { BuiltTargetId, ExportTargetId } from '../../shared/schema/exports';
import { figureOptionsSchema, type FigureOptions } from '../../shared/schema/figures';
import type { NetworkDocument } from '../../shared/schema/document';
import { defaultTrainingConfig } from '../../shared/schema/training';
import { createRandom } from '../../shared/ops/random';
import { elementCount } from '../../shared/ops/tensor';
import { writeFileAtomically } from '../files/atomicFile';
import { fileDiagnostic } from '../files/fileErrors';
import { readModel, type Model } from '../files/models';
import { readRecord } from '../files/runRecord';
import { writeNewFolder } from '../files/newFolder';
import { encodeWeightPair } from '../files/weights';
import type { Answerer } from './answerer';
import { findFigureFonts, type FigureFonts } from './figureFonts';
import { printPdf } from './figurePdf';
import { printPng } from './figurePng';

type Printed = ReadonlyMap<string, Uint8Array | string> | Uint8Array | string;

/** A model that is exported with its network; `answer` null where it could not be asked for one. */
type Trained = { readonly model: Model; readonly answer: ReferenceAnswer | null };

/** What is printed, `trained` null: without weights. */
type Order = {
  readonly document: NetworkDocument;
  readonly analysis: NetworkAnalysis;
  readonly trained: Trained | null;
  readonly figure: FigureOptions;
};

/** What a target is made of: the contents of its one file, or files by name. */
type Printer = (order: Order) => Result<Printed> | Promise<Result<Printed>>;

/** A target that is drawn and needs fonts for it. */
function drawn(
  print: (figure: Figure, fonts: FigureFonts, options: FigureOptions) => Promise<Result<Printed>>,
): Printer {
  return async ({ document, analysis, figure: options }) => {
    const figure = drawFigure(document, analysis, options);
    const fonts = findFigureFonts(figure);
    return fonts.ok ? await print(figure, fonts.value, options) : fonts;
  };
}

/** How each target is written; one that is declared as built and has no printer is a compile error. */
const printers: { readonly [Id in BuiltTargetId]: Printer } = {
  typescript: ({ document, analysis, trained }) => {
    const printed = printTypescript(document, analysis);
    if (!printed.ok) return printed;
    const sources = printed.value.map(({ path, text }): [string, string] => [path, text]);
    const files = new Map<string, Uint8Array | string>(sources);
    if (trained === null) return success(files);
    const { model, answer } = trained;
    for (const [name, bytes] of encodeWeightPair(model.weights)) files.set(name, bytes);
    if (model.facts.data !== null) files.set('classes.json', printLearned(model.facts.data));
    if (answer !== null) files.set('check.json', printCheck(answer));
    return success(files);
  },
  svg: ({ document, analysis, figure }) => success(printSvg(drawFigure(document, analysis, figure), figure.width)),
  pdf: drawn(async (figure, fonts, { width }) => success(await printPdf(figure, fonts, width))),
  png: drawn(printPng),
  markdown: ({ document, analysis, figure }) => success(printMarkdown(layerTable(document, analysis, figure.language))),
  latex: ({ document, analysis, figure }) => success(printLatex(layerTable(document, analysis, figure.language))),
};

function isBuilt(id: ExportTargetId): id is BuiltTargetId {
  return Object.hasOwn(printers, id);
}

/** A model, its weights checked against the network that is exported with them. */
async function fittingModel(
  modelPath: string,
  document: NetworkDocument,
  analysis: NetworkAnalysis,
): Promise<Result<Model>> {
  const model = await readModel(modelPath);
  if (!model.ok) return model;
  const record = await readRecord(modelPath);
  const { output, seed } = record.ok
    ? record.value.config
    : { ...defaultTrainingConfig, ...model.value.document.train };
  const isNamed = output !== undefined && analysis.outputs.includes(output);
  const trained = isNamed ? new Set(ancestorsOf(document, analysis, [output])) : undefined;
  const differences = weightDifferences(analysis, model.value.weights, trained);
  if (differences.length > 0) return failure(weightsDoNotFit(modelPath, document.name, differences));
  const { weights } = model.value;
  // Runs of earlier versions did not keep what they did not train.
  const resting = isNamed ? restingWeights(document, analysis, Object.keys(weights), seed) : {};
  return success({ ...model.value, weights: { ...weights, ...resting } });
}

/** What a model gives for random pixels; null where it has not one input of a known size, or cannot run here. */
async function askModel(
  path: string,
  { inputs, outputs, nodes }: NetworkAnalysis,
  answerer: Pick<Answerer, 'ask'>,
  signal: CancelSignal | undefined,
): Promise<ReferenceAnswer | null> {
  const [shape = [], ...others] = inputs.map((id) => nodes.get(id)?.outputShape ?? []);
  const sizes = shape.filter((size) => size !== null);
  if (others.length > 0 || sizes.length < shape.length) return null;
  const random = createRandom(1);
  const pixels = Uint8Array.from({ length: elementCount(sizes) }, () => 256 * random.uniform());
  const answer = await answerer.ask('activations', { path, nodes: outputs, input: { pixels } }, signal);
  if (!answer.ok) return null;
  const values = outputs.flatMap((id) => answer.value.tensors[id]?.data ?? []);
  return values.length < outputs.length ? null : { input: { shape: sizes, pixels: [...pixels] }, outputs: values };
}

/** Writes a network in another form: whole, or not at all. */
export async function writeExport(
  { document, target: id, path, overwrite, figure = {} }: Omit<HostRequests['export.write'][0], 'model'>,
  modelPath: string | null,
  answerer: Pick<Answerer, 'ask'>,
  signal: CancelSignal | undefined,
): Promise<Result<HostRequests['export.write'][1]>> {
  const target = exportTargets.find((known) => known.id === id);
  if (target === undefined || !isBuilt(id)) return failure(targetNotBuilt(id));
  if (!isAbsolute(path)) return failure(invalidPath(path));
  if (modelPath !== null && !target.takesWeights) return failure(targetTakesNoWeights(target.label));
  const analysis = analyzeNetwork(document);
  const model = modelPath === null ? null : await fittingModel(modelPath, document, analysis);
  if (model?.ok === false) return model;
  const trained =
    model === null || modelPath === null
      ? null
      : { model: model.value, answer: await askModel(modelPath, analysis, answerer, signal) };
  const printed = await printers[id]({ document, analysis, trained, figure: figureOptionsSchema.parse(figure) });
  if (!printed.ok) return printed;
  if (signal?.aborted === true) return failure(requestCancelled('export.write'));
  if (typeof printed.value !== 'string' && !(printed.value instanceof Uint8Array)) {
    const written = await writeNewFolder(path, printed.value);
    return written.ok ? success({ files: [...printed.value.keys()].map((name) => join(path, name)) }) : written;
  }
  try {
    if (!overwrite && existsSync(path)) return failure(fileExists(path));
    await writeFileAtomically(path, printed.value);
    return success({ files: [path] });
  } catch (error) {
    return failure(fileDiagnostic(error, path, 'save'));
  }
}
