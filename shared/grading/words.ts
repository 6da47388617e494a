import { findLayer } from '../layers';
import { formatShape, text, type Text } from '../text';
import { courseTitle } from './course';
import type { AskedSize, Rule } from './rules';

/** A shape as a rule asks for it. */
export function shapeText(shape: readonly AskedSize[]): Text {
  const written = (any: string): string =>
    shape.includes('any')
      ? shape.map((size) => (size === 'any' ? any : formatShape([size]))).join('×')
      : formatShape(shape.map((size) => (size === 'any' ? null : size)));
  return text(written('any'), written('任意'));
}

/** A kind as rules name it, and in Chinese as the app does. */
export function kindText(kind: string): Text {
  return text(kind, findLayer(kind)?.label.zh ?? kind);
}

/** What a rule is called where its author has not said. */
export function titleOf(each: Rule): Text {
  switch (each.rule) {
    case 'valid':
      return text('The network has no errors', '网络没有错误');
    case 'noWarnings':
      return text('The network has no warnings', '网络没有警告');
    case 'params':
      return text('All parameters', '全部参数');
    case 'trainableParams':
      return text('Trainable parameters', '可训练参数');
    case 'macs':
      return text('Multiply-adds', '乘加次数');
    case 'activationBytes':
      return text('Activation memory', '激活内存');
    case 'inputShape':
      return text('Input shape', '输入形状');
    case 'outputShape':
      return text('Output shape', '输出形状');
    case 'shape':
      return text(`Shape of ${each.node}`, `${each.node} 的形状`);
    case 'receptiveField':
      return each.node === undefined
        ? text('Receptive field', '感受野')
        : text(`Receptive field of ${each.node}`, `${each.node} 的感受野`);
    case 'count': {
      const params = Object.entries(each.params).map(([name, value]) => ` ${name} ${JSON.stringify(value)}`);
      return text(`Number of ${each.kind}${params.join(',')}`, `${kindText(each.kind).zh}${params.join('，')} 的数量`);
    }
    case 'order':
      return each.adjacent ? text('Layers one behind the other', '依次紧邻的层') : text('Order of layers', '层的顺序');
    case 'outputs':
      return text('Number of outputs', '输出的数量');
    case 'ends':
      return text('The network ends in', '网络的结尾');
    case 'fcShare':
      return text('Share of the parameters in FC', '全连接层参数占比');
    case 'takesSizes':
      return text('Takes pictures of', '可接受的图像大小');
    case 'accuracy':
      return text('Accuracy of the run', '训练的准确率');
    case 'meanIou':
      return text('Mean IoU of the run', '训练的平均 IoU');
    case 'lesson':
    case 'exhibit':
      return courseTitle(each);
  }
}
