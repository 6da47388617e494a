import { text } from '../../text';
import type { Text } from '../../text';
import type { Diagnostic } from '../diagnostic';

const maxExamples = 3;

/** The first few of a list, and how many more there are. */
function examples(names: readonly string[]): Text {
  const shown = names.slice(0, maxExamples).join(', ');
  const more = names.length - maxExamples;
  if (names.length === 0) return text('none', '无');
  return more > 0 ? text(`${shown} and ${more} more`, `${shown} 等 ${names.length} 个`) : text(shown, shown);
}

/** A file that is no network, no model and no weights; `what` says what it is. */
export function importUnsupported(path: string, what: Text, mend: Text | null): Diagnostic {
  return {
    code: 'import/unsupported',
    severity: 'error',
    at: { path },
    summary: text(`${path} cannot be imported: it is ${what.en}.`, `无法导入 ${path}：它是${what.zh}。`),
    why:
      mend ??
      text(
        'What can be imported: a network file, a model or run of Convloom, ONNX models, Keras models (.keras, .h5, JSON), models of TensorFlow.js, TensorFlow Lite models, Caffe networks (.prototxt), networks of nnabla (.nntxt), and weights as safetensors or of PyTorch (.pt, .pth).',
        '可以导入：网络文件、Convloom 的模型或训练记录、ONNX 模型、Keras 模型（.keras、.h5、JSON）、TensorFlow.js 模型、TensorFlow Lite 模型、Caffe 网络（.prototxt）、nnabla 网络（.nntxt），以及 safetensors 或 PyTorch（.pt、.pth）权值。',
      ),
    fixes: [],
  };
}

/** Bare weights are no network: they need one that they can be put on. */
export function importNeedsNetwork(path: string): Diagnostic {
  return {
    code: 'import/needs-network',
    severity: 'error',
    at: { path },
    summary: text(`${path} holds weights alone, without a network.`, `${path} 只有权值，没有网络。`),
    why: text(
      'Name the network that they belong to: convloom import WEIGHTS --onto FILE -o OUT, or open it in the app first.',
      '请指出它们所属的网络：convloom import WEIGHTS --onto FILE -o OUT，或先在程序中打开该网络。',
    ),
    fixes: [],
  };
}

/** Not one tensor of a file has the name and shape of a weight of the network. */
export function nothingMatches(path: string, inFile: readonly string[], inNetwork: readonly string[]): Diagnostic {
  const [file, network] = [examples(inFile), examples(inNetwork)];
  return {
    code: 'import/nothing-matches',
    severity: 'error',
    at: { path },
    summary: text(`No tensor of ${path} fits the network.`, `${path} 中没有一个张量与网络相符。`),
    why: text(
      `The file has ${file.en}; the network has ${network.en}. A tensor is put on a weight of the same name and shape.`,
      `文件中有 ${file.zh}；网络中有 ${network.zh}。名称与形状都相同的张量才会被采用。`,
    ),
    fixes: [],
  };
}

/** A sentence as a clause of another. */
function withoutStop(words: string): string {
  return words.replace(/[.。]$/, '');
}

/** A file of a known format whose contents cannot be: cut off, with sizes that lie, with wires that lead nowhere. */
export function importDamaged(path: string, what: Text): Diagnostic {
  return {
    code: 'import/damaged',
    severity: 'error',
    at: { path },
    summary: text(`${path} is damaged: ${withoutStop(what.en)}.`, `${path} 已损坏：${withoutStop(what.zh)}。`),
    why: text(
      'It may be cut off, changed, or not be what its name says. Download or export it again.',
      '文件可能被截断、被改动，或与其名称不符。请重新下载或导出。',
    ),
    fixes: [],
  };
}

/** An operation that is not known, and for which the file declares no shape either: what follows it has none. */
export function importUnknownShape(path: string, operation: string, part: string): Diagnostic {
  return {
    code: 'import/unknown-shape',
    severity: 'error',
    at: { path },
    summary: text(
      `“${part}” of ${path} is ${operation}, which is not known here, and the file does not say what shape it gives.`,
      `${path} 中的“${part}”是此处不认识的 ${operation}，文件也没有说明其输出形状。`,
    ),
    why: text(
      'Let the exporter infer shapes (onnx.shape_inference.infer_shapes), and it is kept as an opaque node.',
      '请让导出工具推断形状（onnx.shape_inference.infer_shapes），它就会保留为未知运算节点。',
    ),
    fixes: [],
  };
}

/** A file of a later version of its format than is read here. */
export function importTooNew(path: string, version: Text): Diagnostic {
  return {
    code: 'import/too-new',
    severity: 'error',
    at: { path },
    summary: text(
      `${path} is of ${version.en}, which is newer than what is read here.`,
      `${path} 采用 ${version.zh}，比此处能读取的版本新。`,
    ),
    why: text('Export it for an older version.', '请按较旧的版本导出。'),
    fixes: [],
  };
}

/** A file that a model keeps its weights in, and that is not beside it. */
export function importPartMissing(path: string, part: string): Diagnostic {
  return {
    code: 'import/part-missing',
    severity: 'error',
    at: { path },
    summary: text(
      `${path} keeps its weights in “${part}”, which is not there.`,
      `${path} 的权值保存在“${part}”中，但找不到它。`,
    ),
    why: text('Put that file into the same folder.', '请把该文件放到同一文件夹中。'),
    fixes: [],
  };
}

/** A file that a model keeps its weights in, and that is not the model's: its name leads out of the folder, by itself or by a link. */
export function importPartOutside(path: string, part: string): Diagnostic {
  return {
    code: 'import/part-outside',
    severity: 'error',
    at: { path },
    summary: text(
      `${path} keeps its weights in “${part}”, which leads out of the model's folder.`,
      `${path} 的权值保存在“${part}”中，而它指向模型文件夹之外。`,
    ),
    why: text(
      'A model reads no files but its own. If that file is a part of it, put the file itself into the folder, not a link, and let the model name it without “..”.',
      '模型只读取自己的文件。如果该文件属于模型，请把文件本身（而不是链接）放入该文件夹，并让模型以不含“..”的名称引用它。',
    ),
    fixes: [],
  };
}

/** What was imported is not in the app's data folder any more. */
export function importNotKept(id: string): Diagnostic {
  return {
    code: 'import/not-kept',
    severity: 'error',
    at: { path: id },
    summary: text('The imported model is not here any more.', '导入的模型已不在这里。'),
    why: text('Import the file again to have its weights and its report.', '请重新导入该文件，以取回权值和报告。'),
    fixes: [],
  };
}
