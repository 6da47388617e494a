import { text } from '../text';
import type { KnownFile } from './formats';

/** Endings of files that can be imported by themselves. */
export const importedEndings =
  /\.(convloom|convloom-model|onnx|keras|h5|hdf5|tflite|prototxt|caffemodel|nntxt|safetensors|pt|pth)$/i;
const mostNamed = 3;

/**
 * Says what a folder is by the names in it. A model or a run of Convloom has a network with facts about its weights beside it; exports
 * for TensorFlow.js have a `model.json` and no network.
 */
export function recognizeFolder(names: readonly string[]): KnownFile {
  const has = (name: string): boolean => names.includes(name);
  if (has('network.json') && (has('model.json') || has('run.json'))) return { format: 'model' };
  if (has('model.json')) return { format: 'tfjs' };
  if (names.length === 0) return { format: null, what: text('an empty folder', '空文件夹'), mend: null };
  if (has('saved_model.pb')) {
    return {
      format: null,
      what: text('a SavedModel of TensorFlow', 'TensorFlow 的 SavedModel'),
      mend: text(
        'Save the model as .keras, or make ONNX of it with python -m tf2onnx.convert --saved-model, and import that.',
        '请将模型保存为 .keras，或用 python -m tf2onnx.convert --saved-model 转成 ONNX 后导入。',
      ),
    };
  }
  if (has('network.json')) {
    return {
      format: null,
      what: text('a folder with a network and without a model', '只有网络而没有模型的文件夹'),
      mend: text('Import the network.json in it.', '请导入其中的 network.json。'),
    };
  }
  const candidates = names.filter((name) => importedEndings.test(name)).toSorted();
  if (candidates.length > 0) {
    const shown = candidates.slice(0, mostNamed).join(', ');
    const isAll = candidates.length <= mostNamed;
    return {
      format: null,
      what: text('a folder', '文件夹'),
      mend: text(
        `Name one of the files in it: ${shown}${isAll ? '' : ' and others'}.`,
        `请指出其中的一个文件：${shown}${isAll ? '' : ' 等'}。`,
      ),
    };
  }
  return { format: null, what: text('a folder without a model', '没有模型的文件夹'), mend: null };
}
