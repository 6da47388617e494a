import { text } from '../../text';
import type { Diagnostic } from '../diagnostic';
import { dataError } from './data';

/** A recorded class whose name no folder can have, or another one has. */
export function recordedClassName(name: string): Diagnostic {
  return dataError(
    'data/class-name',
    text(
      `${JSON.stringify(name)} cannot be the folder of a class.`,
      `${JSON.stringify(name)} 不能作为类别文件夹的名称。`,
    ),
    text(
      'Each class needs a name of its own without / \\ : * ? " < > |, and train, val and test are parts of a set.',
      '每个类别需要各不相同的名称，不含 / \\ : * ? " < > |；train、val、test 表示数据的各部分。',
    ),
  );
}

/** A folder that a page wants to change, which the camera's dialog did not make; or a link, or something else in one that it did. */
export function recordingForeign(path: string): Diagnostic {
  return {
    ...dataError(
      'data/recording-foreign',
      text(`${path} was not recorded with Convloom.`, `${path} 不是由 Convloom 录制的。`),
      text(
        'Only folders that the camera was recorded into are changed, and only their own pictures, never by a link. Nothing was written.',
        '只会更改用摄像头录制的文件夹中由录制产生的图像，不会跟随链接。没有写入任何内容。',
      ),
    ),
    at: { path },
  };
}

/** Recorded pictures that are not what they should be. */
export function recordingBroken(): Diagnostic {
  return dataError(
    'data/recording-broken',
    text('The recorded pictures did not arrive whole.', '录制的图像未能完整传到。'),
    text('Nothing was written. Save them once more.', '没有写入任何文件，请重新保存。'),
  );
}
