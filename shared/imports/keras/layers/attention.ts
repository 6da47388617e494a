import { formatShape, text } from '../../../text';
import { joined, readWhenAsked, sideBySide } from '../../arranged';
import type { Converter, LayerUse, Value } from '../context';
import type { Argument } from '../graph';
import { channelsOf } from './kernels';

const parts = ['query', 'key', 'value'] as const;

/** Keras' weights in its order: of each part a kernel `[channels, heads, size]` and a bias, and last the way back. */
function namesOf(useBias: boolean): readonly (readonly string[])[] {
  const of = (part: string): readonly (readonly string[])[] => [
    [`${part}/kernel`, `${part}_dense/0`],
    ...(useBias ? [[`${part}/bias`, `${part}_dense/1`]] : []),
  ];
  return [...parts.flatMap(of), ...of('output').map(([first = '', second = '']) => [`attention_${first}`, second])];
}

/** The map whose positions look at each other; attention to something else has no layer here. */
function selfInput(use: LayerUse): Value {
  const { config, inputs, named } = use;
  const x = use.input();
  if (inputs.some(({ node }) => node !== x.node)) {
    config.refuse(text('Its queries look at another tensor than their own.', '其查询来自另一个张量。'));
  }
  const isMask = (argument: Argument): boolean =>
    argument.type !== 'value' || (argument.value !== null && argument.value !== false);
  if ([...named].some(([name, argument]) => /mask/.test(name) && isMask(argument)))
    config.refuse(text('It is masked.', '它带有掩码。'));
  if (x.shape.length !== 3 || x.isFirst) {
    config.refuse(
      text(
        `It reads ${formatShape(x.shape)}, which is no map with its channels last.`,
        `其输入为 ${formatShape(x.shape)}，不是通道在后的特征图。`,
      ),
    );
  }
  const axes = config.value('attention_axes');
  const all = x.isSequence === true ? '[1]' : '[1,2]';
  if (axes !== undefined && JSON.stringify(axes) !== all) {
    config.refuse(text('It attends along one side of the map alone.', '它只沿特征图的一个方向计算注意力。'));
  }
  return x;
}

export const multiHeadAttention: Converter = (use) => {
  const { config } = use;
  const x = selfInput(use);
  const channels = channelsOf(use, x);
  const [heads, size] = [config.count('num_heads'), config.count('key_dim')];
  const width = heads * size;
  if (config.count('value_dim', size) !== size || config.has('output_shape')) {
    config.refuse(text('Its values have another size than its keys.', '其值的大小与键不同。'));
  }
  if (config.flag('use_gate', false) || config.has('sliding_window')) {
    config.refuse(text('It has a gate or a window.', '它带有门控或窗口。'));
  }
  const useBias = config.flag('use_bias', true);
  const tensors = use.weights(namesOf(useBias));
  const step = useBias ? 2 : 1;
  const kernels = tensors?.filter((_, at) => at % step === 0).slice(0, 3) ?? [];
  const biases = tensors?.filter((_, at) => useBias && at % 2 === 1).slice(0, 3) ?? [];
  const output = tensors?.[3 * step];
  const outputBias = useBias ? tensors?.[7] : undefined;
  return use.add('attention', {
    params: {
      heads,
      headSize: width === channels ? undefined : size,
      useBias: useBias ? undefined : false,
      outputBias: useBias ? undefined : false,
      trainable: config.flag('trainable', true) ? undefined : false,
    },
    from: [x],
    weights:
      output === undefined
        ? null
        : {
            kernel: readWhenAsked([channels, 3 * width], () =>
              sideBySide(
                kernels.map(({ data }) => ({ data, columns: width, start: 0, factor: 1 })),
                channels,
                width,
              ),
            ),
            outputKernel: { ...output, shape: [width, channels] },
            ...(outputBias === undefined
              ? {}
              : {
                  bias: readWhenAsked([3 * width], () => joined(biases.map(({ data }) => data))),
                  outputBias,
                }),
          },
  });
};
