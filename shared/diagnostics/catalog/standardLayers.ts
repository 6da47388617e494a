import { text } from '../../text';
import type { Text } from '../../text';
import type { Diagnostic } from '../diagnostic';

/** A node that the standard layers of a target cannot compute; `why` says what of it. */
export function notStandardLayer(nodeId: string, target: string, why: Text): Diagnostic {
  return {
    code: 'export/not-standard',
    severity: 'error',
    at: { nodeId },
    summary: text(
      `“${nodeId}” cannot be written for ${target}: ${why.en}`,
      `“${nodeId}”无法导出为 ${target}：${why.zh}`,
    ),
    why: text(
      'A file of standard layers loads without any code of its own. The TypeScript project brings the layer along: convloom export FILE --to typescript -o DIR.',
      '由标准层组成的文件无需额外代码即可加载。TypeScript 项目会带上这一层：convloom export FILE --to typescript -o DIR。',
    ),
    fixes: [],
  };
}
