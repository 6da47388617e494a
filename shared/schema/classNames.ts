import { text, type Text } from '../text';
import { parseDataSpec, type DataKind } from './data';

type ClassWords = { readonly [name: string]: string };

/** What the class of annotated masks is called that no file names. */
const annotated: ClassWords = { background: '背景' };

/** In Chinese, the classes whose names come with the app and not with the files of its user. */
const chinese: { readonly [K in DataKind]?: ClassWords } = {
  'mnist-seg': { ground: '背景' },
  cifar10: {
    airplane: '飞机',
    automobile: '汽车',
    bird: '鸟',
    cat: '猫',
    deer: '鹿',
    dog: '狗',
    frog: '青蛙',
    horse: '马',
    ship: '船',
    truck: '卡车',
  },
  coco: annotated,
  voc: annotated,
  yolo: annotated,
};

/**
 * What a class of some data is called where it is shown. Files, settings and the command line keep its own name, as do classes that users
 * named themselves.
 * @example classText('mnist-seg', 'ground').zh // '背景'
 */
export function classText(spec: string, name: string): Text {
  const kind = parseDataSpec(spec)?.source.kind;
  const words = (kind === undefined ? undefined : chinese[kind]) ?? {};
  return text(name, Object.hasOwn(words, name) ? (words[name] ?? name) : name);
}
