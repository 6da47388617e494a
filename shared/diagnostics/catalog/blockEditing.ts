import { text, type Text } from '../../text';
import type { Diagnostic } from '../diagnostic';

function refused(code: string, summary: Text, why: Text, related: readonly string[] = []): Diagnostic {
  const [nodeId] = related;
  return { code, severity: 'error', at: nodeId === undefined ? {} : { nodeId }, summary, why, related, fixes: [] };
}

function listed(ids: readonly string[]): Text {
  const names = ids.slice(0, 6).map((id) => `“${id}”`);
  return text(names.join(', '), names.join('、'));
}

/** Nothing was chosen to become a block. */
export function groupOfNothing(): Diagnostic {
  return refused(
    'blocks/group-of-nothing',
    text('There is nothing to group.', '没有可以组成块的层。'),
    text('Select the layers that the block is to hold.', '请先选择块要包含的层。'),
  );
}

/** A selection with what brings pictures in: an Input, or a port of the block around it. */
export function groupHoldsInput(ids: readonly string[]): Diagnostic {
  const names = listed(ids);
  return refused(
    'blocks/group-holds-input',
    text(`A block cannot hold the input ${names.en}.`, `块不能包含输入${names.zh}。`),
    text(
      'A block gets what it works on through its ports. Select the layers behind the input.',
      '块通过端口得到输入。请选择输入之后的层。',
    ),
    ids,
  );
}

/** A selection whose values are read, or left over, at several places. */
export function groupHasOutputs(ids: readonly string[]): Diagnostic {
  const names = listed(ids);
  return refused(
    'blocks/group-has-outputs',
    text(
      `The selection gives ${ids.length} outputs: ${names.en}. A block gives one.`,
      `所选部分有 ${ids.length} 个输出：${names.zh}。块只有一个输出。`,
    ),
    text(
      'Each of these is read outside of the selection, or by nobody. Leave some out, or select what joins them too.',
      '这些层的输出在选区之外被使用，或无人使用。请减少所选的层，或同时选择汇合它们的层。',
    ),
    ids,
  );
}

/** A selection without an end: all of it stands on a circle of wires. */
export function groupHasNoOutput(ids: readonly string[]): Diagnostic {
  const names = listed(ids);
  return refused(
    'blocks/group-has-no-output',
    text(`The selection ${names.en} has no output.`, `所选部分${names.zh}没有输出。`),
    text('Its wires run in a circle. Cut the circle first.', '其连线形成了环。请先断开环。'),
    ids,
  );
}

/** A way out of the selection and back into it, through what was not selected. `path` has both ends. */
export function groupIsReentered(path: readonly string[]): Diagnostic {
  const trail = path.map((id) => `“${id}”`).join(' → ');
  const between = listed(path.slice(1, -1));
  return refused(
    'blocks/group-is-reentered',
    text(`A path leaves the selection and comes back: ${trail}.`, `有一条路径离开选区又返回：${trail}。`),
    text(
      `As a block, the selection would feed itself. Select ${between.en} as well.`,
      `组成块后它会给自己供数据。请同时选择${between.zh}。`,
    ),
    path,
  );
}

/** A node that is to be taken apart, and stands for no block that is defined. */
export function notABlock(id: string): Diagnostic {
  return refused(
    'blocks/not-a-block',
    text(`“${id}” is no block.`, `“${id}”不是块。`),
    text('Only a node that uses a block can be treated as one.', '只有使用块的节点才能这样处理。'),
    [id],
  );
}

/** A block whose output is not clear, so that nobody can say what its readers should read. */
export function cannotUngroup(id: string, block: string): Diagnostic {
  return refused(
    'blocks/cannot-ungroup',
    text(`“${id}” cannot be taken apart yet.`, `“${id}”暂时无法拆开。`),
    text(
      `The block “${block}” has an error of its own, or its repeat has. Mend that first.`,
      `块“${block}”本身或其 repeat 有错误。请先修正。`,
    ),
    [id],
  );
}

/** Layers of a selection that use the weights of a layer in another block. */
export function groupUsesWeights(ids: readonly string[]): Diagnostic {
  const names = listed(ids);
  return refused(
    'blocks/group-uses-weights',
    text(
      `${names.en} would be in a block and use weights of another.`,
      `${names.zh}将处于块中，却要使用另一个块的权值。`,
    ),
    text(
      'A block uses weights of its own layers alone. Give these weights of their own first, or leave them out.',
      '块只能使用其自身各层的权值。请先让这些层使用自己的权值，或不选它们。',
    ),
    ids,
  );
}

/** Another block node uses the weights of this one as a whole. */
export function cannotUngroupOwner(id: string, users: readonly string[]): Diagnostic {
  const names = listed(users);
  return refused(
    'blocks/ungroup-owner',
    text(`The block ${names.en} uses the weights of “${id}”.`, `块${names.zh}正在使用“${id}”的权值。`),
    text(
      'Taken apart, there would be no block to use the weights of. Take that one apart first, or give it weights of its own.',
      '拆开之后就没有可供其使用权值的块了。请先拆开那个块，或让它使用自己的权值。',
    ),
    [id, ...users],
  );
}

/** A name that cannot be a block's. */
export function wrongBlockName(name: string, isTaken: boolean): Diagnostic {
  return refused(
    'blocks/wrong-name',
    isTaken
      ? text(`There is a block “${name}” already.`, `已有名为“${name}”的块。`)
      : text('This cannot be the name of a block.', '这不能用作块的名称。'),
    isTaken
      ? text('Choose another name.', '请另选名称。')
      : text('A name has at least one character, and is not __proto__.', '名称至少有一个字符，且不能是 __proto__。'),
  );
}

/** A name that cannot be a param's. */
export function wrongParamName(name: string): Diagnostic {
  return refused(
    'blocks/wrong-param-name',
    text(`A param of a block cannot be called “${name}”.`, `块的参数不能叫“${name}”。`),
    text(
      'A name has at least one character; block, repeat and __proto__ are taken.',
      '名称至少有一个字符；block、repeat 和 __proto__ 已被占用。',
    ),
  );
}

/** A param that takes its value from a param of its block, where it is to do so, or none that does. */
export function cannotBind(id: string, param: string, why: Text): Diagnostic {
  return refused(
    'blocks/cannot-bind',
    text(`${param} of “${id}” cannot follow a param of the block.`, `“${id}”的 ${param} 不能跟随块的参数。`),
    why,
    [id],
  );
}

/** A block that is to be put into itself, at once or through what it holds. */
export function blockWouldHoldItself(block: string): Diagnostic {
  return refused(
    'blocks/would-hold-itself',
    text(`The block “${block}” cannot be put into itself.`, `块“${block}”不能放入自身。`),
    text('A block that holds itself would never end.', '包含自身的块永远展开不完。'),
  );
}
