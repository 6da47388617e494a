import { formatCount, text, type Text } from '../../text';
import type { Diagnostic } from '../diagnostic';

/** The file is not JSON. `line` and `column` are one-based and point at the first character that cannot be. */
export function notJson(line: number, column: number, expected: Text): Diagnostic {
  return {
    code: 'document/not-json',
    severity: 'error',
    at: { path: `${line}:${column}` },
    summary: text(
      `The file is not valid JSON: line ${line}, column ${column}.`,
      `文件不是有效的 JSON：第 ${line} 行第 ${column} 列。`,
    ),
    why: expected,
    fixes: [],
  };
}

/** The file is JSON, but not a network of Convloom. */
export function notANetwork(found: Text): Diagnostic {
  return {
    code: 'document/not-a-network',
    severity: 'error',
    at: { path: 'format' },
    summary: text('This file is not a Convloom network.', '这个文件不是 Convloom 网络。'),
    why: text(
      `A network starts with "format": "convloom.network"; here ${found.en}.`,
      `网络文件以 "format": "convloom.network" 开头；这里${found.zh}。`,
    ),
    fixes: [],
  };
}

/** The file was written by a later Convloom, which may mean things that this one would lose. */
export function newerVersion(found: number, known: number): Diagnostic {
  return {
    code: 'document/newer-version',
    severity: 'error',
    at: { path: 'version' },
    summary: text(
      `This network is version ${found}; this Convloom reads up to version ${known}.`,
      `这个网络的版本是 ${found}；当前的 Convloom 最高支持版本 ${known}。`,
    ),
    why: text(
      'Opening it could lose what the newer version says. Update Convloom, or save the network from there in the older version.',
      '强行打开可能会丢失新版本的内容。请更新 Convloom，或在新版本中另存为旧版本。',
    ),
    fixes: [],
  };
}

/** What to do where a file uses something that its version does not have; finishes "To use it, ...". */
export function setVersion(version: number): Text {
  return text(`set "version": ${version} in the file`, `请在文件中设置 "version": ${version}`);
}

/** A field that the format does not have; nothing is dropped silently. `since`: the later version that has it, if one does. */
export function unknownField(
  path: string,
  known: readonly string[],
  nearest: string | null,
  since: number | null,
): Diagnostic {
  const guess = nearest === null ? text('', '') : text(`Did you mean ${nearest}? `, `是否想写 ${nearest}？`);
  const list = known.join(', ');
  return {
    code: 'document/unknown-field',
    severity: 'error',
    at: { path },
    ...(since === null
      ? {
          summary: text(`${path} is not a field of the format.`, `${path} 不是该格式的字段。`),
          why: text(`${guess.en}The fields here are ${list}.`, `${guess.zh}这里可用的字段有 ${list}。`),
        }
      : {
          summary: text(`${path} is a field of version ${since} only.`, `${path} 是版本 ${since} 才有的字段。`),
          why: text(`To use it, ${setVersion(since).en}.`, `要使用它，${setVersion(since).zh}。`),
        }),
    fixes: [],
  };
}

/** A field with a value of the wrong type. */
export function wrongField(path: string, expected: Text, found: string): Diagnostic {
  return {
    code: 'document/wrong-field',
    severity: 'error',
    at: { path },
    summary: text(`${path} must be ${expected.en}.`, `${path} 必须是${expected.zh}。`),
    why: text(`The file has ${found}.`, `文件中是 ${found}。`),
    fixes: [],
  };
}

/** A field that must be there and is not. */
export function missingField(path: string, expected: Text): Diagnostic {
  return {
    code: 'document/missing-field',
    severity: 'error',
    at: { path },
    summary: text(`${path} is missing.`, `缺少 ${path}。`),
    why: text(`It must be ${expected.en}.`, `它必须是${expected.zh}。`),
    fixes: [],
  };
}

/** A file beyond the limits of what a network can be. */
export function documentTooLarge(what: Text): Diagnostic {
  return {
    code: 'document/too-large',
    severity: 'error',
    at: {},
    summary: text(`This file is too large for a network: ${what.en}.`, `这个文件作为网络过大：${what.zh}。`),
    fixes: [],
  };
}

/** The findings of a file beyond those that are told one by one. */
export function moreFindings(count: number): Diagnostic {
  const shown = formatCount(count);
  return {
    code: 'document/more',
    severity: 'error',
    at: {},
    summary: text(`And ${shown} more like these.`, `另有 ${shown} 处类似的问题。`),
    fixes: [],
  };
}
