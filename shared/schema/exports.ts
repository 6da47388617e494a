import { text, type Text } from '../text';

/** An export target as it is declared. */
type TargetEntry = {
  readonly id: string;
  readonly label: Text;
  readonly doc: Text;
  /** What it writes: one file, or a new or empty folder. */
  readonly writes: 'file' | 'folder';
  /** The file's ending, for dialogs; empty for a folder. */
  readonly extension: string;
  readonly takesWeights: boolean;
  /** Whether it draws: then it takes the options of a figure (`figures.ts`). */
  readonly draws: boolean;
};

/** What a network can be written as, in the order of the help and of the dialogs. */
export const exportTargets = [
  {
    id: 'typescript',
    label: text('TypeScript project', 'TypeScript 项目'),
    doc: text(
      'a TypeScript project for @tensorflow/tfjs in a new or empty folder',
      '在新的或空文件夹中写入用于 @tensorflow/tfjs 的 TypeScript 项目',
    ),
    writes: 'folder',
    extension: '',
    takesWeights: true,
    draws: false,
  },
  {
    id: 'pytorch',
    label: text('PyTorch project', 'PyTorch 项目'),
    doc: text('a PyTorch project of classes', '由类组成的 PyTorch 项目'),
    writes: 'folder',
    extension: '',
    takesWeights: true,
    draws: false,
  },
  {
    id: 'keras',
    label: text('Keras project', 'Keras 项目'),
    doc: text('a Keras project of functions', '由函数组成的 Keras 项目'),
    writes: 'folder',
    extension: '',
    takesWeights: true,
    draws: false,
  },
  {
    id: 'jax',
    label: text('JAX project', 'JAX 项目'),
    doc: text('a JAX project of Flax NNX modules', '由 Flax NNX 模块组成的 JAX 项目'),
    writes: 'folder',
    extension: '',
    takesWeights: true,
    draws: false,
  },
  {
    id: 'onnx',
    label: text('ONNX model', 'ONNX 模型'),
    doc: text('an ONNX model', 'ONNX 模型'),
    writes: 'file',
    extension: '.onnx',
    takesWeights: true,
    draws: false,
  },
  {
    id: 'savedmodel',
    label: text('TensorFlow SavedModel', 'TensorFlow SavedModel'),
    doc: text('a TensorFlow SavedModel', 'TensorFlow SavedModel'),
    writes: 'folder',
    extension: '',
    takesWeights: true,
    draws: false,
  },
  {
    id: 'tfjs',
    label: text('TensorFlow.js model', 'TensorFlow.js 模型'),
    doc: text(
      'a layers model for tf.loadLayersModel, of standard layers, with weights',
      '供 tf.loadLayersModel 使用的层模型，由标准层组成，含权值',
    ),
    writes: 'folder',
    extension: '',
    takesWeights: true,
    draws: false,
  },
  {
    id: 'safetensors',
    label: text('Weights as safetensors', 'safetensors 权值'),
    doc: text('the weights alone, as safetensors', '仅权值，safetensors 格式'),
    writes: 'file',
    extension: '.safetensors',
    takesWeights: true,
    draws: false,
  },
  {
    id: 'nnc',
    label: text('Neural Network Console', 'Neural Network Console'),
    doc: text(
      'the network as Neural Network Console and nnabla read it, without weights',
      '供 Neural Network Console 与 nnabla 读取的网络，不含权值',
    ),
    writes: 'file',
    extension: '.nntxt',
    takesWeights: false,
    draws: false,
  },
  {
    id: 'svg',
    label: text('SVG picture', 'SVG 图'),
    doc: text(
      'a picture of the network, for a paper or a slide; a network with errors too',
      '网络结构图，用于论文或幻灯片；有错误的网络也可',
    ),
    writes: 'file',
    extension: '.svg',
    takesWeights: false,
    draws: true,
  },
  {
    id: 'pdf',
    label: text('PDF picture', 'PDF 图'),
    doc: text('the picture as a PDF page, with its fonts in it', '以 PDF 页面输出的结构图，内嵌字体'),
    writes: 'file',
    extension: '.pdf',
    takesWeights: false,
    draws: true,
  },
  {
    id: 'png',
    label: text('PNG picture', 'PNG 图'),
    doc: text('the picture in pixels', '像素形式的结构图'),
    writes: 'file',
    extension: '.png',
    takesWeights: false,
    draws: true,
  },
  {
    id: 'markdown',
    label: text('Markdown table', 'Markdown 表格'),
    doc: text('the table of layers in Markdown', 'Markdown 形式的层表'),
    writes: 'file',
    extension: '.md',
    takesWeights: false,
    draws: false,
  },
  {
    id: 'latex',
    label: text('LaTeX table', 'LaTeX 表格'),
    doc: text('the table of layers in LaTeX, for booktabs', 'LaTeX 形式的层表，使用 booktabs'),
    writes: 'file',
    extension: '.tex',
    takesWeights: false,
    draws: false,
  },
] as const satisfies readonly TargetEntry[];

/** The name of an export target, as after `--to`. */
export type ExportTargetId = (typeof exportTargets)[number]['id'];

/** What is known of an export target. */
export type ExportTarget = TargetEntry & { readonly id: ExportTargetId };

/** The target of a name, or null. */
export function findExportTarget(name: string): ExportTarget | null {
  return exportTargets.find(({ id }) => id === name) ?? null;
}
