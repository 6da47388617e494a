import { text } from '../../text';
import type { Diagnostic } from '../diagnostic';

/** A transform needs every shape, so it waits for the errors to go. */
export function transformNotReady(nodeId: string): Diagnostic {
  return {
    code: 'transform/not-ready',
    severity: 'error',
    at: { nodeId },
    summary: text(
      `The shape at ${nodeId} is not known, so this part cannot be rebuilt.`,
      `${nodeId} 处的形状未知，因此无法改造这一部分。`,
    ),
    why: text(
      'A dense layer and a kernel that covers the whole map need exact sizes. Mend the errors upstream, or give the input a size.',
      '全连接层和覆盖整张特征图的卷积核都需要确定的尺寸。请先修复上游错误，或为输入指定尺寸。',
    ),
    fixes: [],
  };
}

/** The network does not end in class scores. */
export function transformNoHead(nodeId: string | null): Diagnostic {
  return {
    code: 'transform/no-head',
    severity: 'error',
    at: nodeId === null ? {} : { nodeId },
    summary: text('This network has no classifier head to replace.', '这个网络没有可替换的分类头。'),
    why: text(
      'A head is the chain from the last feature map to one score per class. This network ends in a map, in several outputs, or in branches.',
      '分类头是从最后一张特征图到每类一个得分的那一段链。这个网络以特征图、多个输出或分支结尾。',
    ),
    fixes: [],
    lesson: 'gap',
  };
}

/** A network or block was named whose head is to be tried, and there is none in it. */
export function transformNoOwnHead(name: string): Diagnostic {
  return {
    code: 'transform/no-own-head',
    severity: 'error',
    at: {},
    summary: text(`“${name}” has no head that could stand here.`, `“${name}”没有可以放在这里的分类头。`),
    why: text(
      'It must end in one score per class behind feature maps, or take in exactly the maps that the trunk gives.',
      '它必须以特征图之后的每类一个得分结尾，或恰好接收主干给出的特征图。',
    ),
    fixes: [],
  };
}

/** GAP over raw pixels, or a kernel over a vector: there is no feature map in front of the head. */
export function transformNoTrunk(nodeId: string): Diagnostic {
  return {
    code: 'transform/no-trunk',
    severity: 'error',
    at: { nodeId },
    summary: text(
      `There are no feature maps in front of the head: it reads ${nodeId} itself.`,
      `分类头前面没有特征图：它直接读取 ${nodeId}。`,
    ),
    why: text(
      'Pooling raw pixels would leave one value per colour. Put convolutions in front first.',
      '直接对原始像素做池化，每个颜色通道只会剩下一个值。请先在前面加上卷积层。',
    ),
    fixes: [],
  };
}

/** The head already has the wanted form. */
export function transformAlready(nodeId: string): Diagnostic {
  return {
    code: 'transform/already',
    severity: 'info',
    at: { nodeId },
    summary: text('The network already has this form.', '这个网络已经是这种形式。'),
    fixes: [],
  };
}

/** The chosen node is not of the kind that the transform rewrites. */
export function transformWrongKind(nodeId: string, wanted: string): Diagnostic {
  return {
    code: 'transform/wrong-kind',
    severity: 'error',
    at: { nodeId },
    summary: text(`${nodeId} is not a ${wanted} layer.`, `${nodeId} 不是 ${wanted} 层。`),
    fixes: [],
  };
}

/** A layer that is to be rebuilt has weights in common with others. */
export function transformShares(nodeId: string, others: readonly string[]): Diagnostic {
  const names = others.slice(0, 6).map((id) => `“${id}”`);
  return {
    code: 'transform/shares-weights',
    severity: 'error',
    at: { nodeId },
    summary: text(
      `${nodeId} shares its weights with ${names.join(', ')}, so it cannot be rebuilt alone.`,
      `${nodeId} 与${names.join('、')}共享权值，因此不能单独改造。`,
    ),
    why: text(
      'Rebuilt weights would no longer fit the other. Give each weights of its own first.',
      '改造后的权值将不再适用于另一个。请先让它们各自使用自己的权值。',
    ),
    related: others,
    fixes: [],
  };
}

/** A conv is an FC only where its kernel covers its whole input. */
export function transformKernelTooSmall(nodeId: string, kernel: string, map: string): Diagnostic {
  return {
    code: 'transform/kernel-too-small',
    severity: 'error',
    at: { nodeId, param: 'kernelSize' },
    summary: text(
      `${nodeId} has a ${kernel} kernel on a ${map} map, so it is not an FC in disguise.`,
      `${nodeId} 在 ${map} 的特征图上使用 ${kernel} 卷积核，它并不等价于全连接层。`,
    ),
    why: text(
      'A conv equals an FC when its kernel covers the whole map without padding: one position, all inputs.',
      '只有当卷积核不加填充地覆盖整张图时，卷积才等于全连接：只有一个位置，看到全部输入。',
    ),
    fixes: [],
    lesson: 'fc-as-conv',
  };
}

/** Why two stacked convs are not one conv. `reason` names the obstacle. */
export function transformCannotFold(
  nodeId: string,
  reason: 'activation' | 'padding' | 'groups' | 'branch' | 'next' | 'standardized',
): Diagnostic {
  const reasons = {
    activation: text(
      'There is a non-linear function between them, and that is what keeps them apart.',
      '它们之间有非线性函数，正是它使两层不能合并。',
    ),
    padding: text(
      'The second conv pads: at the border it reads zeros where one conv would read image.',
      '第二个卷积有填充：在边缘它读到的是零，而合并后的卷积会读到图像。',
    ),
    groups: text('Grouped convolutions are kept apart.', '分组卷积不做合并。'),
    branch: text('The first conv feeds other layers too.', '第一个卷积还连接着其他层。'),
    standardized: text(
      'One of them standardizes its weights, and the weights of the fold would be standardized anew.',
      '其中一层对权值做标准化，合并后的权值会被重新标准化。',
    ),
    next: text('It is not followed by another conv.', '它后面没有直接连接另一个卷积。'),
  } as const;
  return {
    code: 'transform/cannot-fold',
    severity: 'error',
    at: { nodeId },
    summary: text(`${nodeId} and the layer behind it cannot be folded into one.`, `${nodeId} 与后一层不能合并为一层。`),
    why: reasons[reason],
    fixes: [],
    lesson: 'activation',
  };
}

/** A conv whose weights are standardized before they are used, which an FC does not do. */
export function transformStandardized(nodeId: string): Diagnostic {
  return {
    code: 'transform/standardized',
    severity: 'error',
    at: { nodeId, param: 'weightStandardization' },
    summary: text(
      `${nodeId} standardizes its weights, which an FC does not do.`,
      `${nodeId} 对权值做标准化，而全连接层不做。`,
    ),
    fixes: [],
  };
}
