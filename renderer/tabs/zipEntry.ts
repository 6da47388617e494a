import { formatBytes } from '../../shared/text';

const endRecord = 0x06054b50;
const endBytes = 22;
const listRecord = 0x02014b50;
const listBytes = 46;
const entryBytes = 30;
/** Where the end record may begin: before it there is a comment of at most 64 KiB. */
const tailBytes = endBytes + 0xffff;
const methods = { stored: 0, deflated: 8 } as const;

async function viewOf(file: Blob, from: number, to: number): Promise<DataView> {
  return new DataView(await file.slice(from, to).arrayBuffer());
}

/** The list of entries at the end of a zip. */
async function readList(file: Blob): Promise<DataView> {
  const tail = await viewOf(file, Math.max(0, file.size - tailBytes), file.size);
  for (let at = tail.byteLength - endBytes; at >= 0; at--) {
    if (tail.getUint32(at, true) !== endRecord) continue;
    const from = tail.getUint32(at + 16, true);
    return viewOf(file, from, from + tail.getUint32(at + 12, true));
  }
  throw new Error('It has no list of entries.');
}

/** Unpacks as much as is said, and no more: a size that lies is found out before it fills the memory. */
async function inflate(packed: Blob, sizeBytes: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(sizeBytes);
  let at = 0;
  const reader = packed.stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (at + part.value.length > sizeBytes) {
      await reader.cancel();
      throw new Error(`It unpacks to more than ${formatBytes(sizeBytes)}.`);
    }
    bytes.set(part.value, at);
    at += part.value.length;
  }
  return bytes.subarray(0, at);
}

/**
 * Reads one entry of a zip that is a file of the page, at most `limitBytes` long; of the rest of the file only its list is looked at.
 * Throws what is wrong with the zip in words.
 */
export async function readZipEntry(file: Blob, name: string, limitBytes: number): Promise<Uint8Array> {
  const list = await readList(file);
  for (let at = 0; at + listBytes <= list.byteLength && list.getUint32(at, true) === listRecord;) {
    const nameBytes = list.getUint16(at + 28, true);
    const found = new TextDecoder().decode(new Uint8Array(list.buffer, at + listBytes, nameBytes));
    if (found !== name) {
      at += listBytes + nameBytes + list.getUint16(at + 30, true) + list.getUint16(at + 32, true);
      continue;
    }
    const [method, packedBytes] = [list.getUint16(at + 10, true), list.getUint32(at + 20, true)];
    const [sizeBytes, place] = [list.getUint32(at + 24, true), list.getUint32(at + 42, true)];
    if (sizeBytes > limitBytes) throw new Error(`${name} would unpack to ${formatBytes(sizeBytes)}.`);
    const entry = await viewOf(file, place, place + entryBytes);
    const start = place + entryBytes + entry.getUint16(26, true) + entry.getUint16(28, true);
    const packed = file.slice(start, start + packedBytes);
    if (method === methods.stored) return new Uint8Array(await packed.arrayBuffer());
    if (method === methods.deflated) return inflate(packed, sizeBytes);
    throw new Error(`${name} is packed in a way that is not known here.`);
  }
  throw new Error(`It has no ${name}.`);
}
