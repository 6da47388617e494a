import { fileNotText, fileTooLarge } from '../../shared/diagnostics/catalog/file';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { failure } from '../../shared/diagnostics/diagnostic';
import { parseNetwork } from '../../shared/document/parse';
import { recognizedBytes, recognizeFile } from '../../shared/imports/formats';
import type { NetworkDocument } from '../../shared/schema/document';
import { limits } from '../../shared/schema/limits';

async function bytesOf(part: Blob): Promise<Uint8Array> {
  return new Uint8Array(await part.arrayBuffer());
}

/** Whether a file of the page is a network of our own, which the page reads by itself; anything else is the host's to read. */
export async function isNetworkFile(file: File): Promise<boolean> {
  const { format } = recognizeFile({
    name: file.name,
    sizeBytes: file.size,
    head: await bytesOf(file.slice(0, recognizedBytes)),
    tail: await bytesOf(file.slice(Math.max(0, file.size - recognizedBytes))),
  });
  return format === 'document';
}

/** Reads the network of a file that was dropped on the page, which has its bytes and, in a browser, not its path. */
export async function readDropped(file: File): Promise<Result<NetworkDocument>> {
  if (file.size > limits.documentBytes) return failure(fileTooLarge(file.name, file.size, limits.documentBytes));
  try {
    return parseNetwork(new TextDecoder('utf-8', { fatal: true }).decode(await bytesOf(file)));
  } catch {
    return failure(fileNotText(file.name));
  }
}
