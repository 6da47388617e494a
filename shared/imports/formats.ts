import { formatBytes, text } from '../text';
import { isLegacyTorch } from './torch/tensors';
import type { Text } from '../text';

/** What this version imports: a network file, a model or run with its weights, bare weights, and models of other programs. */
export type ImportFormat =
  | 'document'
  | 'model'
  | 'safetensors'
  | 'torch'
  | 'onnx'
  | 'keras'
  | 'kerasHdf5'
  | 'kerasJson'
  | 'tfjs'
  | 'caffe'
  | 'caffemodel'
  | 'nnc'
  | 'tflite';

/** As much of a file as is needed to know it. */
export type FileStart = {
  /** The last part of its path. */
  readonly name: string;
  readonly sizeBytes: number;
  /** The first bytes, 64 KiB or the whole file. */
  readonly head: Uint8Array;
  /** The last bytes, 64 KiB or the whole file: where a zip has its list of entries. */
  readonly tail: Uint8Array;
};

/** A format to import, or in words what the file is instead. */
export type KnownFile =
  | { readonly format: ImportFormat }
  | { readonly format: null; readonly what: Text; readonly mend: Text | null };

/** How many bytes of either end {@link recognizeFile} looks at. */
export const recognizedBytes = 64 * 1024;

function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

function other(what: Text, mend: Text | null = null): KnownFile {
  return { format: null, what, mend };
}

const saveAsSafetensors = text(
  'Save its weights as safetensors; they can be put on a network of the same shapes.',
  '请将其权值保存为 safetensors；它们可以加载到形状相同的网络上。',
);

/** Beginnings that name a file for certain. `at` is where they stand. */
const signatures: readonly {
  readonly bytes: string;
  readonly at: number;
  readonly what: Text;
  readonly mend?: Text;
}[] = [
  {
    bytes: 'version https://git-lfs.github.com/',
    at: 0,
    what: text('a Git LFS pointer: the name of a file that was not downloaded', 'Git LFS 指针：只是未下载文件的名字'),
    mend: text(
      'Fetch the file itself with git lfs pull, or download it from the page of the repository.',
      '请用 git lfs pull 取得文件本身，或从仓库页面下载。',
    ),
  },
  { bytes: 'GGUF', at: 0, what: text('a GGUF model', 'GGUF 模型') },
  { bytes: '\x93NUMPY', at: 0, what: text('a NumPy array', 'NumPy 数组'), mend: saveAsSafetensors },
  {
    bytes: '\x1f\x8b',
    at: 0,
    what: text('a gzip archive', 'gzip 压缩文件'),
    mend: text('Unpack it first.', '请先解压。'),
  },
  {
    bytes: 'PAR1',
    at: 0,
    what: text('a Parquet table', 'Parquet 表格'),
    mend: text(
      'It is data to train on: choose Parquet in the Data tab and name the file there.',
      '这是训练数据：请在“数据”标签页选择 Parquet 并指定该文件。',
    ),
  },
  { bytes: '\x89PNG', at: 0, what: text('a PNG picture', 'PNG 图像') },
  { bytes: '\xff\xd8\xff', at: 0, what: text('a JPEG picture', 'JPEG 图像') },
  { bytes: '%PDF', at: 0, what: text('a PDF document', 'PDF 文档') },
  {
    bytes: '7z\xbc\xaf',
    at: 0,
    what: text('a 7z archive', '7z 压缩文件'),
    mend: text('Unpack it first.', '请先解压。'),
  },
];

/** The names in a zip's central directory, as far as `tail` has it. */
function zipNames(tail: Uint8Array): readonly string[] {
  const names: string[] = [];
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  const record = 0x02014b50;
  const fixedBytes = 46;
  for (let at = 0; at + fixedBytes <= tail.length; at++) {
    if (view.getUint32(at, true) !== record) continue;
    const length = view.getUint16(at + 28, true);
    if (at + fixedBytes + length <= tail.length) {
      names.push(latin1(tail.subarray(at + fixedBytes, at + fixedBytes + length)));
    }
  }
  return names;
}

function recognizeZip({ name, tail }: FileStart): KnownFile {
  const names = zipNames(tail);
  const has = (pattern: RegExp): boolean => names.some((entry) => pattern.test(entry));
  if (has(/^network\.json$/) || name.endsWith('.convloom-model')) return { format: 'model' };
  if (has(/^model\.weights\.h5$/)) return { format: 'keras' };
  if (has(/(^|\/)data\.pkl$/) || /\.(pt|pth|ckpt|bin)$/i.test(name)) return { format: 'torch' };
  if (has(/\.npy$/)) return other(text('NumPy arrays (.npz)', 'NumPy 数组（.npz）'), saveAsSafetensors);
  if (has(/^\[Content_Types\]\.xml$/)) return other(text('an Office document', 'Office 文档'));
  const [first] = names;
  return first === undefined
    ? other(text('a zip archive whose list of entries cannot be read', '无法读取目录的 zip 压缩文件'))
    : other(
        text(
          `a zip archive with ${shownName(first)}${names.length > 1 ? ' and others' : ''}`,
          `zip 压缩文件，内含 ${shownName(first)}${names.length > 1 ? ' 等' : ''}`,
        ),
        text('Unpack it and import what is inside.', '请解压后导入其中的文件。'),
      );
}

/** A foreign name as a message may show it: no control characters, and not long. */
function shownName(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]/g, '?');
  return plain.length > 60 ? `${plain.slice(0, 60)}…` : plain;
}

/** JSON is a network's own form; what other programs write as JSON is named. */
function recognizeJson(start: string): KnownFile {
  if (/"format"\s*:\s*"convloom\.network"/.test(start)) return { format: 'document' };
  if (/"format"\s*:\s*"(layers-model|graph-model)"|"modelTopology"/.test(start)) {
    return { format: 'tfjs' };
  }
  if (/"class_name"\s*:\s*"(Sequential|Functional|Model)"/.test(start)) return { format: 'kerasJson' };
  // Anything else is for the reader of network files, which says what is missing.
  return { format: 'document' };
}

function isSafetensors({ head, sizeBytes }: FileStart): boolean {
  if (head.length < 10 || head[8] !== 0x7b) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return view.getUint32(4, true) === 0 && view.getUint32(0, true) + 8 <= sizeBytes;
}

function recognizeText(start: string): KnownFile | null {
  const trimmed = start.replace(/^\u00ef\u00bb\u00bf/, '').trimStart();
  if (/^(<!doctype html|<html|<head|<!--)/i.test(trimmed)) {
    return other(
      text(
        'a web page (HTML): most likely a login or an error instead of the file',
        '网页（HTML）：多半是登录页或错误页，而不是文件本身',
      ),
      text('Download the file itself.', '请下载文件本身。'),
    );
  }
  if (trimmed.startsWith('<')) return other(text('an XML file', 'XML 文件'));
  if (trimmed.startsWith('{')) return recognizeJson(trimmed);
  if (/^\s*(global_config|training_config|network)\s*:?\s*\{/m.test(trimmed)) return { format: 'nnc' };
  if (/^\s*(name\s*:\s*["']|layers?\s*:?\s*\{|input\s*:)/m.test(trimmed)) return { format: 'caffe' };
  return null;
}

/** Binary files without a signature of their own are known by their structure, and by their name as a last resort. */
function recognizeByName({ name, head, sizeBytes }: FileStart): KnownFile {
  const ending = /\.[^.]+$/.exec(name.toLowerCase())?.[0] ?? '';
  // ModelProto begins with ir_version (field 1, a varint), then the producer or the graph.
  const looksLikeOnnx = head[0] === 0x08 && (head[1] ?? 0) < 0x20 && [0x12, 0x3a, 0x42].includes(head[2] ?? 0);
  if (ending === '.onnx' || looksLikeOnnx) return { format: 'onnx' };
  if (isLegacyTorch(head)) return { format: 'torch' };
  // Pickle, protocol 2 to 5.
  if (head[0] === 0x80 && (head[1] ?? 0) >= 2 && (head[1] ?? 0) <= 5) {
    return other(text('a Python pickle', 'Python pickle 文件'), saveAsSafetensors);
  }
  if (ending === '.pb') return other(text('a TensorFlow graph (.pb)', 'TensorFlow 图（.pb）'));
  if (ending === '.nntxt') return { format: 'nnc' };
  if (ending === '.sdcproj') {
    return other(
      text('a project of Neural Network Console (.sdcproj)', 'Neural Network Console 项目（.sdcproj）'),
      text(
        'Its form is not published. Export the network there (Export > NNP), unpack that, and import its network.nntxt.',
        '其格式未公开。请在其中导出网络（导出 > NNP），解压后导入其中的 network.nntxt。',
      ),
    );
  }
  if (ending === '.caffemodel') return { format: 'caffemodel' };
  if (ending === '.prototxt') return { format: 'caffe' };
  const bytes = Array.from(head.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return other(
    text(
      `a file of ${formatBytes(sizeBytes)} that is not known here; it begins with ${bytes}`,
      `${formatBytes(sizeBytes)} 的未知文件，开头为 ${bytes}`,
    ),
  );
}

/** Says what a file is by what is in it, whatever it is called. */
export function recognizeFile(file: FileStart): KnownFile {
  if (file.sizeBytes === 0) return other(text('an empty file', '空文件'));
  const start = latin1(file.head.subarray(0, 4096));
  const known = signatures.find(({ bytes, at }) => start.startsWith(bytes, at));
  if (known !== undefined) return other(known.what, known.mend ?? null);
  if (start.startsWith('\x89HDF\r\n\x1a\n')) return { format: 'kerasHdf5' };
  if (start.startsWith('TFL3', 4)) return { format: 'tflite' };
  if (start.startsWith('PK\x03\x04')) return recognizeZip(file);
  if (isSafetensors(file)) return { format: 'safetensors' };
  return recognizeText(start) ?? recognizeByName(file);
}
