import { text, type Text } from '../../text';
import type { Diagnostic, Fix, Place } from '../diagnostic';
import { setVersion } from './document';

/** Where a param stands: `path` is its place in the file where that is known. */
export type ParamPlace = { readonly nodeId: string; readonly param: string; readonly path: string };

function place({ nodeId, param, path }: ParamPlace): Place {
  return { nodeId, param, path };
}

/** A node of a kind that this Convloom does not have; `since`: the version of the document that gives it a meaning, if one does. */
export function unknownKind(
  nodeId: string,
  kind: string,
  path: string,
  nearest: string | null,
  since: number | null,
): Diagnostic {
  return {
    code: 'layers/unknown-kind',
    severity: 'error',
    at: { nodeId, path },
    summary: text(`“${nodeId}” is of the unknown kind “${kind}”.`, `“${nodeId}”的类型“${kind}”未知。`),
    ...(nearest !== null && { why: text(`Did you mean ${nearest}?`, `是否想写 ${nearest}？`) }),
    ...(since !== null && {
      why: text(
        `It is a kind of version ${since}: to use it, ${setVersion(since).en} and define its block there.`,
        `它是版本 ${since} 的类型：要使用它，${setVersion(since).zh}，并在其中定义相应的块。`,
      ),
    }),
    fixes: [],
  };
}

/** A param that the layer does not have. */
export function unknownParam(
  at: ParamPlace,
  layer: Text,
  known: readonly string[],
  nearest: string | null,
  fixes: readonly Fix[],
): Diagnostic {
  const list = known.length === 0 ? null : known.join(', ');
  const guess = nearest === null ? text('', '') : text(`Did you mean ${nearest}? `, `是否想写 ${nearest}？`);
  return {
    code: 'layers/unknown-param',
    severity: 'error',
    at: place(at),
    summary: text(
      `“${at.nodeId}” has ${at.param}, which is not a param of ${layer.en}.`,
      `“${at.nodeId}”有 ${at.param}，它不是 ${layer.zh} 的参数。`,
    ),
    why:
      list === null
        ? text('It has no params.', '它没有参数。')
        : text(`${guess.en}Its params are ${list}.`, `${guess.zh}它的参数有 ${list}。`),
    fixes,
  };
}

/** A param that must be given and is not. */
export function missingParam(at: ParamPlace, label: Text, expected: Text, fixes: readonly Fix[]): Diagnostic {
  return {
    code: 'layers/missing-param',
    severity: 'error',
    at: place(at),
    summary: text(
      `“${at.nodeId}” needs ${at.param} (${label.en}).`,
      `“${at.nodeId}”需要参数 ${at.param}（${label.zh}）。`,
    ),
    why: text(`It must be ${expected.en}.`, `它必须是${expected.zh}。`),
    fixes,
  };
}

/** A param of the wrong type, or outside its range. */
export function wrongParam(
  at: ParamPlace,
  label: Text,
  expected: Text,
  found: string,
  fixes: readonly Fix[],
): Diagnostic {
  return {
    code: 'layers/wrong-param',
    severity: 'error',
    at: place(at),
    summary: text(
      `${at.param} (${label.en}) of “${at.nodeId}” must be ${expected.en}, and is ${found}.`,
      `“${at.nodeId}”的 ${at.param}（${label.zh}）必须是${expected.zh}，现在是 ${found}。`,
    ),
    fixes,
  };
}

/** Two params that exclude each other. */
export function paramConflict(nodeId: string, param: string, summary: Text, fixes: readonly Fix[]): Diagnostic {
  return { code: 'layers/param-conflict', severity: 'error', at: { nodeId, param }, summary, fixes };
}
