import { formatCount, text, type Text } from '../../text';
import type { Diagnostic, Fix, Place } from '../diagnostic';

/** A node that uses a block which the document does not define: of an unknown name, or of none. */
export function unknownBlock(
  at: Place,
  found: { readonly name: string } | { readonly value: string },
  known: readonly string[],
  nearest: string | null,
  fixes: readonly Fix[] = [],
): Diagnostic {
  const list = known.length === 0 ? null : known.slice(0, 12).map((name) => `“${name}”`);
  const guess = nearest === null ? text('', '') : text(`Did you mean “${nearest}”? `, `是否想写“${nearest}”？`);
  return {
    code: 'blocks/unknown-block',
    severity: 'error',
    at,
    summary:
      'name' in found
        ? text(
            `“${at.nodeId ?? ''}” uses the block “${found.name}”, which is not defined.`,
            `“${at.nodeId ?? ''}”使用的块“${found.name}”没有定义。`,
          )
        : text(
            `block of “${at.nodeId ?? ''}” must be the name of a block, and is ${found.value}.`,
            `“${at.nodeId ?? ''}”的 block 必须是块的名称，现在是 ${found.value}。`,
          ),
    why:
      list === null
        ? text('The network defines no blocks.', '网络没有定义任何块。')
        : text(`${guess.en}The network defines ${list.join(', ')}.`, `${guess.zh}已定义的块有${list.join('、')}。`),
    fixes,
  };
}

/** A binding to a param that the block around it does not have. */
export function unknownBinding(
  at: Place,
  block: string,
  found: string,
  known: readonly string[],
  nearest: string | null,
): Diagnostic {
  const guess = nearest === null ? text('', '') : text(`Did you mean ${nearest}? `, `是否想写 ${nearest}？`);
  const list = known.join(', ');
  return {
    code: 'blocks/unknown-binding',
    severity: 'error',
    at,
    summary: text(
      `${at.param ?? ''} of “${at.nodeId ?? ''}” is bound to ${found}, which is not a param of the block “${block}”.`,
      `“${at.nodeId ?? ''}”的 ${at.param ?? ''} 绑定到 ${found}，它不是块“${block}”的参数。`,
    ),
    why:
      known.length === 0
        ? text(
            `“${block}” has no params: add ${found} to its params with a default.`,
            `“${block}”没有参数：请在其 params 中加入 ${found} 及默认值。`,
          )
        : text(`${guess.en}“${block}” has ${list}.`, `${guess.zh}“${block}”的参数有 ${list}。`),
    fixes: [],
  };
}

/** A binding that is not written as one, or that multiplies what is no number. */
export function wrongBinding(at: Place, why: Text): Diagnostic {
  return {
    code: 'blocks/wrong-binding',
    severity: 'error',
    at,
    summary: text(
      `${at.param ?? ''} of “${at.nodeId ?? ''}” has a binding that gives no value.`,
      `“${at.nodeId ?? ''}”的 ${at.param ?? ''} 的绑定得不到值。`,
    ),
    why,
    fixes: [],
  };
}

/** A block that gives nothing: every node of it is consumed, or it has none. */
export function blockWithoutOutput(block: string, at: Place): Diagnostic {
  return {
    code: 'blocks/no-output',
    severity: 'error',
    at,
    summary: text(`The block “${block}” has no output.`, `块“${block}”没有输出。`),
    why: text(
      'Its output is the one node besides its ports that nothing consumes. Add a layer, or cut the circle.',
      '块的输出是除端口外唯一不被其他节点使用的节点。请添加一层，或断开环。',
    ),
    fixes: [],
  };
}

/** A block that ends in several nodes, so that nobody can say which one it gives. */
export function blockWithOutputs(block: string, outputs: readonly string[], at: Place): Diagnostic {
  const list = outputs.slice(0, 8).map((id) => `“${id}”`);
  return {
    code: 'blocks/several-outputs',
    severity: 'error',
    at,
    summary: text(
      `The block “${block}” has ${outputs.length} outputs: ${list.join(', ')}.`,
      `块“${block}”有 ${outputs.length} 个输出：${list.join('、')}。`,
    ),
    why: text(
      'Its output is the one node that nothing consumes. Join them with Add or Concat, or remove what is not used.',
      '块的输出是唯一不被使用的节点。请用相加或拼接汇合，或移除多余的节点。',
    ),
    fixes: [],
  };
}

/** A block that holds itself, at once or through others. `names` are in the order of holding. */
export function blockInItself(names: readonly string[], at: Place): Diagnostic {
  const trail = [...names, names[0] ?? ''].map((name) => `“${name}”`).join(' → ');
  return {
    code: 'blocks/recursion',
    severity: 'error',
    at,
    summary: text(`These blocks hold each other in a circle: ${trail}.`, `这些块互相包含，形成了环：${trail}。`),
    why: text(
      'A block stands for a copy of its nodes; one that holds itself would never end.',
      '块代表其节点的一份副本；包含自身的块永远展开不完。',
    ),
    fixes: [],
  };
}

/** Blocks that stand for more nodes, or nest deeper, than anything could run. */
export function blocksTooLarge(at: Place, what: Text): Diagnostic {
  return {
    code: 'blocks/too-large',
    severity: 'error',
    at,
    summary: text(`“${at.nodeId ?? ''}” cannot be expanded: ${what.en}.`, `“${at.nodeId ?? ''}”无法展开：${what.zh}。`),
    why: text('Repeats of blocks in blocks multiply. Lower a repeat.', '嵌套的块会使重复次数相乘。请减小 repeat。'),
    fixes: [],
  };
}

/** A repeated block without an input, which leaves nothing to chain its copies by. */
export function cannotRepeat(at: Place, block: string): Diagnostic {
  return {
    code: 'blocks/cannot-repeat',
    severity: 'error',
    at,
    summary: text(
      `“${at.nodeId ?? ''}” repeats the block “${block}”, which has no port.`,
      `“${at.nodeId ?? ''}”重复使用块“${block}”，但它没有端口。`,
    ),
    why: text(
      'Each copy reads the one before it through the first port. Give the block a port, or leave repeat out.',
      '每一份副本通过第一个端口读取前一份。请为块添加端口，或去掉 repeat。',
    ),
    fixes: [],
  };
}

/** A repeat count that cannot be. */
export function wrongRepeat(at: Place, found: string): Diagnostic {
  return {
    code: 'blocks/wrong-repeat',
    severity: 'error',
    at,
    summary: text(
      `repeat of “${at.nodeId ?? ''}” must be a whole number from 1 on, and is ${found}.`,
      `“${at.nodeId ?? ''}”的 repeat 必须是从 1 开始的整数，现在是 ${found}。`,
    ),
    fixes:
      at.nodeId === undefined
        ? []
        : [
            {
              title: text('Take repeat away', '去掉 repeat'),
              edits: [{ type: 'setParams', id: at.nodeId, params: {}, unset: ['repeat'] }],
            },
          ],
  };
}

/** A port in the network itself, where nothing is outside. */
export function portOutsideBlock(at: Place): Diagnostic {
  return {
    code: 'blocks/port-outside',
    severity: 'error',
    at,
    summary: text(
      `“${at.nodeId ?? ''}” is a port, and stands in no block.`,
      `“${at.nodeId ?? ''}”是端口，但不在任何块中。`,
    ),
    why: text('A network gets its pictures from an Input node.', '网络的图像来自 Input 节点。'),
    fixes: [],
  };
}

/** A param of a block under a name that every block node has already. */
export function reservedParam(block: string, param: string, path: string): Diagnostic {
  return {
    code: 'blocks/reserved-param',
    severity: 'error',
    at: { path },
    summary: text(`A param of the block “${block}” cannot be called ${param}.`, `块“${block}”的参数不能叫 ${param}。`),
    why: text(
      'block and repeat say which block a node uses, and how often.',
      'block 和 repeat 表示节点使用哪个块以及重复几次。',
    ),
    fixes: [],
  };
}

/** A port of a block that none of its nodes reads. */
export function unusedPort(at: Place, block: string): Diagnostic {
  return {
    code: 'blocks/unused-port',
    severity: 'warning',
    at,
    summary: text(
      `Nothing in the block “${block}” reads its port “${at.nodeId?.split('/').at(-1) ?? ''}”.`,
      `块“${block}”中没有节点读取端口“${at.nodeId?.split('/').at(-1) ?? ''}”。`,
    ),
    fixes: [],
  };
}

/** A node of a block that is wrong in the same way in other copies of it. */
export function inMoreCopies(diagnostic: Diagnostic, block: string, count: number): Diagnostic {
  const more = text(
    `The same in ${formatCount(count)} more ${count === 1 ? 'copy' : 'copies'} of the block “${block}”.`,
    `块“${block}”的另外 ${formatCount(count)} 份副本中也是如此。`,
  );
  const { why } = diagnostic;
  return { ...diagnostic, why: why === undefined ? more : text(`${why.en} ${more.en}`, `${why.zh}${more.zh}`) };
}
