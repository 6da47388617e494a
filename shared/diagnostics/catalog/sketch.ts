import { text, type Text } from '../../text';
import type { Diagnostic } from '../diagnostic';

/** Where in a sketch something stands: `offset` counts characters from 0. */
function refuse(code: string, offset: number, summary: Text, why?: Text): Diagnostic {
  return {
    code,
    severity: 'error',
    at: { path: `sketch[${offset}]` },
    summary,
    ...(why === undefined ? {} : { why }),
    fixes: [],
  };
}

/** The character, from 0, that a finding about a sketch points at; null for a finding about something else. */
export function sketchOffset({ at }: Pick<Diagnostic, 'at'>): number | null {
  const offset = /^sketch\[(\d+)\]$/.exec(at.path ?? '')?.[1];
  return offset === undefined ? null : Number(offset);
}

function didYouMean(nearest: string | null): Text | undefined {
  return nearest === null ? undefined : text(`Did you mean ${nearest}?`, `是否想写 ${nearest}？`);
}

/** A sketch without a single layer. */
export function emptySketch(offset: number): Diagnostic {
  return refuse(
    'sketch/empty',
    offset,
    text('A layer is missing here.', '这里缺少一层。'),
    text(
      'Write layers with commas between them, such as conv 20 5, pool.',
      '写出各层并用逗号隔开，例如 conv 20 5, pool。',
    ),
  );
}

/** The first word of an item names no layer. */
export function unknownSketchLayer(offset: number, word: string, nearest: string | null): Diagnostic {
  return refuse(
    'sketch/unknown-layer',
    offset,
    text(`“${word}” is no layer.`, `没有名为“${word}”的层。`),
    didYouMean(nearest) ??
      text(
        'Each part between commas begins with the name of a layer, such as conv, pool or fc.',
        '逗号之间的每一部分都以层的名称开头，例如 conv、pool 或 fc。',
      ),
  );
}

/** A word behind a layer's name that says nothing about it. */
export function unknownSketchWord(
  offset: number,
  word: string,
  layer: Text,
  known: readonly string[],
  nearest: string | null,
): Diagnostic {
  const list = known.join(', ');
  const guess = didYouMean(nearest);
  return refuse(
    'sketch/unknown-word',
    offset,
    text(`“${word}” says nothing about ${layer.en}.`, `“${word}”不是${layer.zh}的参数。`),
    guess ??
      (known.length === 0
        ? text('It has no params; a comma begins the next layer.', '它没有参数；用逗号开始下一层。')
        : text(`It knows ${list}; a comma begins the next layer.`, `可写：${list}；用逗号开始下一层。`)),
  );
}

/** More numbers than a layer takes by their place. */
export function extraSketchNumber(offset: number, word: string, layer: Text, names: readonly string[]): Diagnostic {
  const list = names.join(', ');
  return refuse(
    'sketch/extra-number',
    offset,
    text(`${layer.en} has no place for the number ${word}.`, `${layer.zh}没有位置放数字 ${word}。`),
    names.length === 0
      ? text('It takes no numbers without a name.', '它不接受未写名称的数字。')
      : text(
          `By their place it takes ${list}. Name any other, as in strides=2 or /2.`,
          `按位置依次为 ${list}；其余的请写出名称，例如 strides=2 或 /2。`,
        ),
  );
}

/** A param's name with nothing behind it. */
export function missingSketchValue(offset: number, param: string): Diagnostic {
  return refuse(
    'sketch/missing-value',
    offset,
    text(`${param} needs a value.`, `${param} 缺少取值。`),
    text(`Write it behind the name: ${param}=2.`, `把取值写在名称后面：${param}=2。`),
  );
}

/** A param that is given twice. */
export function repeatedSketchParam(offset: number, param: string): Diagnostic {
  return refuse(
    'sketch/repeated-param',
    offset,
    text(`${param} is said twice.`, `${param} 写了两次。`),
    text('Leave one of them out.', '请去掉其中一个。'),
  );
}

/** A bracket or another sign where a layer or a comma is due. */
export function unexpectedSketchSign(offset: number, sign: string): Diagnostic {
  return refuse(
    'sketch/unexpected',
    offset,
    text(`“${sign}” does not fit here.`, `“${sign}”不能出现在这里。`),
    text(
      'Between commas stands a layer, or a group in brackets: 3x(conv 64 3 same, relu).',
      '逗号之间是一层，或括号中的一组：3x(conv 64 3 same, relu)。',
    ),
  );
}

/** A bracket or a quote that nothing closes. */
export function unclosedInSketch(offset: number, sign: string, closing: string): Diagnostic {
  return refuse(
    'sketch/unclosed',
    offset,
    text(`Nothing closes the “${sign}”.`, `“${sign}”没有闭合。`),
    text(`Write ${closing} behind what it holds.`, `在其内容之后写上 ${closing}。`),
  );
}

/** An input anywhere but at the start. */
export function inputInsideSketch(offset: number, layer: Text): Diagnostic {
  return refuse(
    'sketch/input-inside',
    offset,
    text(`${layer.en} can only stand first.`, `${layer.zh}只能放在最前面。`),
    text('It takes nothing from the layer before it.', '它不接收前一层的输出。'),
  );
}

/** More layers than a sketch may have; repetitions count as often as they are repeated. */
export function sketchTooLong(offset: number, most: number): Diagnostic {
  return refuse(
    'sketch/too-long',
    offset,
    text(`A sketch has at most ${most} layers.`, `草图最多有 ${most} 层。`),
    text('Repeat less often, or build the rest from a second sketch.', '请减少重复次数，或用另一段草图搭建其余部分。'),
  );
}

/** Brackets too deep inside each other. */
export function sketchTooDeep(offset: number, most: number): Diagnostic {
  return refuse(
    'sketch/too-deep',
    offset,
    text(`Brackets stand at most ${most} deep in each other.`, `括号最多嵌套 ${most} 层。`),
  );
}

/** Layers that are no chain cannot be written as a sketch. */
export function notAChain(nodeId: string | undefined): Diagnostic {
  return {
    code: 'sketch/not-a-chain',
    severity: 'error',
    at: nodeId === undefined ? {} : { nodeId },
    summary: text('Only a chain can be written as a sketch.', '只有链状的层才能写成草图。'),
    why: text('Each selected layer must feed the next one, without branches.', '所选各层必须首尾相接，没有分支。'),
    fixes: [],
  };
}

/** A node of which a sketch would lose whose weights it uses. */
export function weightsNotSketched(nodeId: string, owner: string): Diagnostic {
  return {
    code: 'sketch/shared-weights',
    severity: 'error',
    at: { nodeId },
    summary: text(
      `A sketch cannot say that “${nodeId}” uses the weights of “${owner}”.`,
      `草图无法表示“${nodeId}”使用“${owner}”的权值。`,
    ),
    related: [owner],
    fixes: [],
  };
}

/** A node that has no words in a sketch: a block, or a kind that there is none of. */
export function notSketchable(nodeId: string, kind: string): Diagnostic {
  return {
    code: 'sketch/no-words',
    severity: 'error',
    at: { nodeId },
    summary: text(`A sketch has no words for “${kind}”.`, `草图无法表示“${kind}”。`),
    why: text('It knows the layers of the palette.', '草图只能表示层列表中的层。'),
    fixes: [],
  };
}
