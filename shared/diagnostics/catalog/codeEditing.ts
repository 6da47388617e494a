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
        ? because === null
          ? text(`Line ${line} is no layer’s own.`, `第 ${line} 行不属于任何层。`)
          : text(`Line ${line} cannot be as it was typed.`, `第 ${line} 行不能改成这样。`)
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

/** A value was typed over a param of the block, which each use of the block gives. */
export function codeFollowsParam(line: number, id: string, param: string): Diagnostic {
  return {
    code: 'code/follows-param',
    severity: 'error',
    at: { nodeId: id },
    summary: text(
      `In line ${line} stands the param “${param}” of the block.`,
      `第 ${line} 行写的是块的参数“${param}”。`,
    ),
    why: text(
      'Change it where the block is used, or where it has its default; open the block to give the layer a value of its own.',
      '请在使用该块的地方或参数的默认值处修改；要让层有自己的值，请打开该块。',
    ),
    fixes: [],
  };
}

/** Several settings would each give the line as it was typed. */
export function codeAmbiguous(line: number, id: string | null): Diagnostic {
  return {
    code: 'code/ambiguous',
    severity: 'error',
    at: id === null ? {} : { nodeId: id },
    summary: text(`Several settings give line ${line} as it was typed.`, `有多个设置都能得到这样的第 ${line} 行。`),
    why: text('Change the one that is meant in the inspector.', '请在检查器中修改所指的那一个。'),
    fixes: [],
  };
}
