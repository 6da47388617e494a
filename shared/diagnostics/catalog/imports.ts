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
        'What can be imported: a network file, a model or run of Convloom, Keras models (.keras, .h5, JSON), models of TensorFlow.js, and weights as safetensors.',
        '可以导入：网络文件、Convloom 的模型或训练记录、Keras 模型（.keras、.h5、JSON）、TensorFlow.js 模型，以及 safetensors 权值。',
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
