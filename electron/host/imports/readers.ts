import type { Result } from '../../../shared/diagnostics/diagnostic';
import type { CancelSignal } from '../../../shared/host/api';
import type { ImportFormat } from '../../../shared/imports/formats';
import type { ImportLine } from '../../../shared/imports/report';
import type { NetworkDocument } from '../../../shared/schema/document';
import type { Model } from '../../files/models';
import type { Answerer } from '../answerer';
import type { Forward } from '../forward';
import type { ProofOutcome } from '../proof';
import { readCaffeModel, readCaffeText } from './caffe';
import { readKerasHdf, readKerasJson, readKerasZip } from './keras';
import { readNncText } from './nnc';
import { readOnnx } from './onnx';
import { readDocument, readOwnModel, readSafetensors } from './own';
import { readTfliteFile } from './tflite';
import { readTorch } from './torch';
import { readTfjs } from './tfjs';

/** What is to be read. */
export type ImportSource = {
  /** Absolute. */
  readonly path: string;
  /** The network that bare weights are put on. */
  readonly onto: NetworkDocument | undefined;
  /** A file of weights for a format that keeps them apart; absent: what lies beside it. */
  readonly weights?: string;
  readonly signal: CancelSignal | undefined;
};

/** What was read: a network, and its weights if the file has any. */
export type Imported = {
  readonly format: ImportFormat;
  readonly document: NetworkDocument;
  readonly model: Model | null;
  readonly report: readonly ImportLine[];
  /** Runs the file by its own engine on random input and compares with ours. Absent where the two are the same bytes. */
  readonly prove?: (model: Model, forward: Forward, ask: Answerer['ask']) => Promise<ProofOutcome>;
};

/** How each format is read; reading bytes and files is done here, what they mean stands in `shared/imports/FORMAT`. */
export const readers: { readonly [Format in ImportFormat]: (source: ImportSource) => Promise<Result<Imported>> } = {
  document: readDocument,
  model: readOwnModel,
  safetensors: readSafetensors,
  keras: readKerasZip,
  kerasHdf5: readKerasHdf,
  kerasJson: readKerasJson,
  tfjs: readTfjs,
  onnx: readOnnx,
  caffe: readCaffeText,
  caffemodel: readCaffeModel,
  nnc: readNncText,
  tflite: readTfliteFile,
  torch: readTorch,
};
