import { text } from '../../text';
import type { Diagnostic } from '../diagnostic';

/** Lines were added to printed code, or taken out of it. */
export function codeLineCount(): Diagnostic {
  return {
    code: 'code/other-lines',
    severity: 'error',
    at: {},
    summary: text('Lines cannot be added or removed here.', '这里不能增加或删除行。'),
    why: text(
      'The code is printed from the network: change the settings that stand in it, and layers on the canvas or in the sketch line.',
      '代码由网络生成：可以改其中的设置；要增减层，请在画布上或草图行中进行。',
    ),
    fixes: [],
  };
}

/** A line of printed code was changed into one that no setting of its layer gives; `because` is what spoke against the nearest. */
export function codeNotASetting(line: number, id: string | null, because: Diagnostic | null): Diagnostic {
  return {
    code: 'code/not-a-setting',
    severity: 'error',
    at: id === null ? {} : { nodeId: id },
    summary:
      id === null
        ? text(`Line ${line} is no layer’s own.`, `第 ${line} 行不属于任何层。`)
        : text(
            `No setting of ${id} gives line ${line} as it was typed.`,
            `${id} 的任何设置都得不到这样的第 ${line} 行。`,
          ),
    why:
      because?.summary ??
      text(
        'Numbers, options and switches of a layer can be changed in its line; what follows from other layers cannot.',
        '层所在的行中可以改它的数字、选项和开关；由其他层决定的内容不能改。',
      ),
    fixes: [],
  };
}

/** A line of printed code that is of a layer in a block: the block's own network is where it can be changed. */
export function codeInBlock(line: number, id: string): Diagnostic {
  return {
    code: 'code/in-block',
    severity: 'error',
    at: { nodeId: id },
    summary: text(`Line ${line} is of ${id}, inside a block.`, `第 ${line} 行属于块内的 ${id}。`),
    why: text('Open the block and change it there.', '请打开该块，在其中修改。'),
    fixes: [],
  };
}
