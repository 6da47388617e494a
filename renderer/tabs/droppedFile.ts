import { fileNotText, fileTooLarge } from '../../shared/diagnostics/catalog/file';
import { importNeedsHost, importNeedsNetwork, importUnsupported } from '../../shared/diagnostics/catalog/imports';
import { modelDamaged } from '../../shared/diagnostics/catalog/model';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import { parseNetwork } from '../../shared/document/parse';
import { readCaffe } from '../../shared/imports/caffe';
import type { ImportFormat } from '../../shared/imports/formats';
import { recognizedBytes, recognizeFile } from '../../shared/imports/formats';
import type { NetworkDocument } from '../../shared/schema/document';
import { limits } from '../../shared/schema/limits';
import { readKerasModel } from '../../shared/imports/keras/model';
import { readNnc } from '../../shared/imports/nnc';
import { readTfjsNetwork } from '../../shared/imports/tfjs/model';
import { errorWords } from '../../shared/text';
import { readZipEntry } from './zipEntry';

/** A network from a file of the page, and what kind of file that is. */
export type DroppedNetwork = { readonly format: ImportFormat; readonly document: NetworkDocument };

function parse(bytes: Uint8Array, name: string): Result<NetworkDocument> {
  try {
    return parseNetwork(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return failure(fileNotText(name));
  }
}

async function bytesOf(part: Blob): Promise<Uint8Array> {
  return new Uint8Array(await part.arrayBuffer());
}

async function readModel(file: File): Promise<Result<NetworkDocument>> {
  try {
    return parse(await readZipEntry(file, 'network.json', limits.documentBytes), file.name);
  } catch (error) {
    return failure(modelDamaged(file.name, errorWords(error)));
  }
}

async function readDocument(file: File): Promise<Result<NetworkDocument>> {
  if (file.size > limits.documentBytes) return failure(fileTooLarge(file.name, file.size, limits.documentBytes));
  return parse(await bytesOf(file), file.name);
}

async function textOf(file: Blob): Promise<string> {
  return new TextDecoder().decode(await bytesOf(file));
}

/** A model of Keras: its layers, without the weights, which are read from a path alone. */
async function readKeras(file: File): Promise<Result<NetworkDocument>> {
  try {
    const isArchive = !file.name.endsWith('.json') && (await textOf(file.slice(0, 2))) === 'PK';
    const words = isArchive
      ? new TextDecoder().decode(await readZipEntry(file, 'config.json', limits.documentBytes))
      : await textOf(file);
    const read = readKerasModel(file.name, words, () => null);
    return read.ok ? success(read.value.document) : read;
  } catch (error) {
    return failure(modelDamaged(file.name, errorWords(error)));
  }
}

/** A model.json of TensorFlow.js; its weights lie in other files. */
async function readTfjs(file: File): Promise<Result<NetworkDocument>> {
  return readTfjsNetwork(file.name, await textOf(file));
}

/** A Caffe network; its weights lie in another file. */
async function readCaffeNet(file: File): Promise<Result<NetworkDocument>> {
  if (file.size > limits.documentBytes) return failure(fileTooLarge(file.name, file.size, limits.documentBytes));
  const read = readCaffe(file.name, await textOf(file), null, file.name.replace(/\.[^.]*$/, ''));
  return read.ok ? success(read.value.document) : read;
}

/** A network of Neural Network Console in text. */
async function readNncNet(file: File): Promise<Result<NetworkDocument>> {
  if (file.size > limits.documentBytes) return failure(fileTooLarge(file.name, file.size, limits.documentBytes));
  const read = readNnc(file.name, await textOf(file), file.name.replace(/\.[^.]*$/, ''));
  return read.ok ? success(read.value.document) : read;
}

/** Formats that are read from a path alone, as their weights are the better part of them. */
const hostFormats = ['onnx', 'kerasHdf5', 'caffemodel', 'tflite'] as const;

function isHostFormat(format: ImportFormat): format is (typeof hostFormats)[number] {
  return (hostFormats as readonly ImportFormat[]).includes(format);
}

/** How a page reads each format. */
const readers: {
  readonly [Format in Exclude<ImportFormat, 'safetensors' | (typeof hostFormats)[number]>]: (
    file: File,
  ) => Promise<Result<NetworkDocument>>;
} = {
  document: readDocument,
  model: readModel,
  keras: readKeras,
  kerasJson: readKeras,
  tfjs: readTfjs,
  caffe: readCaffeNet,
  nnc: readNncNet,
};

/** Reads the network of a file that was dropped on the page, which has its bytes and, in a browser, not its path. */
export async function readDropped(file: File): Promise<Result<DroppedNetwork>> {
  const known = recognizeFile({
    name: file.name,
    sizeBytes: file.size,
    head: await bytesOf(file.slice(0, recognizedBytes)),
    tail: await bytesOf(file.slice(Math.max(0, file.size - recognizedBytes))),
  });
  const { format } = known;
  if (format === null) return failure(importUnsupported(file.name, known.what, known.mend));
  if (isHostFormat(format)) return failure(importNeedsHost(file.name));
  if (format === 'safetensors') return failure(importNeedsNetwork(file.name));
  const document = await readers[format](file);
  return document.ok ? success({ format, document: document.value }) : document;
}
