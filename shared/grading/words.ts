import { findLayer } from '../layers';
import type { Json } from '../schema/document';
import { formatShape, text, type Text } from '../text';
import { courseTitle } from './course';
import type { AskedSize, Rule } from './rules';

/** A kind of layer with the params that a rule asks for. */
export type Wanted = { readonly kind: string; readonly params: { readonly [name: string]: Json } };

/** A shape as a rule asks for it. */
export function shapeText(shape: readonly AskedSize[]): Text {
  const written = (any: string): string =>
    shape.includes('any')
      ? shape.map((size) => (size === 'any' ? any : formatShape([size]))).join('×')
      : formatShape(shape.map((size) => (size === 'any' ? null : size)));
  return text(written('any'), written('任意'));
}

/** A layer that a rule asks for: as rules name it, and in Chinese as the app does. */
export function layerText({ kind, params }: Wanted): Text {
  const definition = findLayer(kind);
  const fields = Object.entries(params).map(([name, value]) => {
    const field = definition?.params[name];
    const words = typeof value === 'string' ? value : JSON.stringify(value);
    const label = field?.type === 'choice' ? field.labels?.[words]?.zh : undefined;
    return text(`${name} ${words}`, `${field?.label.zh ?? name} ${label ?? words}`);
  });
  const [en, zh] = [fields.map((field) => field.en).join(', '), fields.map((field) => field.zh).join('，')];
  const name = definition?.label.zh ?? kind;
  return fields.length === 0 ? text(kind, name) : text(`${kind} (${en})`, `${name}（${zh}）`);
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
      const layer = layerText(each);
      return text(`Number of ${layer.en}`, `${layer.zh}的数量`);
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
      return text('Mean IoU of the run', '训练的平均交并比');
    case 'lesson':
    case 'exhibit':
      return courseTitle(each);
  }
}
