import { badRules } from '../diagnostics/catalog/commandLine';
import type { Diagnostic } from '../diagnostics/diagnostic';
import { findLayer, layers } from '../layers';
import type { AnyLayerDefinition } from '../layers/define';
import { readParams } from '../layers/params';
import { functionParam } from '../layers/traits';
import { nearestWord } from '../nearest';
import type { Json } from '../schema/document';
import { exhibits } from '../learn/exhibits/exhibits';
import { chapters, lessons } from '../learn/lessons';
import { formatNumber, text, type Text } from '../text';
import type { Range } from './range';
import type { Rule } from './rules';

/** What no network could be judged by: a range that says nothing or holds nothing, a kind or param that does not exist. */
export function mistakesOf(each: Rule, path: string): readonly Diagnostic[] {
  switch (each.rule) {
    case 'params':
    case 'trainableParams':
    case 'macs':
    case 'activationBytes':
    case 'receptiveField':
    case 'outputs':
      return rangeMistakes(each, path, Infinity);
    case 'fcShare':
    case 'accuracy':
    case 'meanIou':
      return rangeMistakes(each, path, 1);
    case 'count':
      return [...rangeMistakes(each, path, Infinity), ...kindMistakes(each.kind, each.params, path)];
    case 'order':
      return each.layers.flatMap((step, at) =>
        typeof step === 'string'
          ? kindMistakes(step, {}, `${path}.layers.${at}`, '')
          : kindMistakes(step.kind, step.params, `${path}.layers.${at}`),
      );
    case 'ends':
      return functionMistakes(each.function, path);
    case 'lesson':
      return nameMistakes(text('lesson', '课程'), each.lesson, lessonIds, `${path}.lesson`);
    case 'exhibit':
      return nameMistakes(text('exhibit', '动手项目'), each.exhibit, exhibitIds, `${path}.exhibit`);
    case 'valid':
    case 'noWarnings':
    case 'inputShape':
    case 'outputShape':
    case 'shape':
    case 'takesSizes':
      return [];
  }
}

const lessonIds = lessons.map(({ id }) => id);
const exhibitIds = exhibits.map(({ id }) => id);
const chapterIds = chapters.map(({ id }) => id);

/** A chapter that the course does not have would open nothing. */
export function chapterMistakes(chapter: string | undefined): readonly Diagnostic[] {
  return chapter === undefined ? [] : nameMistakes(text('chapter', '章节'), chapter, chapterIds, 'chapter');
}

function nameMistakes(what: Text, name: string, names: readonly string[], path: string): readonly Diagnostic[] {
  if (names.includes(name)) return [];
  const [hintEn, hintZh] = named(name, names);
  return [badRules(path, `there is no ${what.en} "${name}"${hintEn}`, `没有名为 "${name}" 的${what.zh}${hintZh}`)];
}

function rangeMistakes({ min, max, equals }: Range, path: string, most: number): readonly Diagnostic[] {
  if (min === undefined && max === undefined && equals === undefined) {
    return [badRules(path, 'give at least one of min, max and equals', '至少给出 min、max、equals 之一')];
  }
  const low = Math.max(min ?? -Infinity, equals ?? -Infinity);
  const high = Math.min(max ?? Infinity, equals ?? Infinity);
  if (low > high) {
    const [lowest, highest] = [formatNumber(low), formatNumber(high)];
    const en = `no number is at least ${lowest} and at most ${highest}`;
    return [badRules(path, en, `没有数既不小于 ${lowest} 又不大于 ${highest}`)];
  }
  // 97 for 0.97 would be met by nobody, or by all.
  if ([min, max, equals].every((bound) => bound === undefined || (bound >= 0 && bound <= most))) return [];
  return most === 1
    ? [badRules(path, 'a share is a number from 0 to 1', '占比应为 0 到 1 之间的数')]
    : [badRules(path, 'a bound is at least 0', '界限不能小于 0')];
}

function named(word: string, words: readonly string[]): readonly [en: string, zh: string] {
  const nearest = nearestWord(word, words);
  return nearest === null ? ['', ''] : [`; did you mean "${nearest}"?`, `；是否指 "${nearest}"？`];
}

/** A typing error in a kind, a param or its value would be met by every network that has none of it. */
function kindMistakes(
  kind: string,
  params: { readonly [name: string]: Json },
  path: string,
  field = '.kind',
): readonly Diagnostic[] {
  const definition = findLayer(kind);
  if (definition === undefined) {
    const [hintEn, hintZh] = named(
      kind,
      layers.map((layer) => layer.kind),
    );
    return [badRules(path + field, `there is no kind "${kind}"${hintEn}`, `没有名为 "${kind}" 的种类${hintZh}`)];
  }
  const read = readParams(definition, params, kind, `${path}.params`);
  if (read.ok) return [];
  // A rule names only the params that it asks about: one that is missing is no mistake.
  return read.diagnostics
    .filter(({ at }) => at.param !== undefined && Object.hasOwn(params, at.param))
    .map(({ at, summary, why }) =>
      badRules(
        at.path ?? `${path}.params`,
        `${summary.en} ${why?.en ?? ''}`.trim(),
        `${summary.zh}${why?.zh ?? ''}`.trim(),
      ),
    );
}

/** The functions that may end a network: those of the layer that is an activation, and none at all. */
export function endFunctions(): readonly string[] {
  const activation: AnyLayerDefinition | undefined = layers.find((layer) => functionParam(layer) === 'function');
  const spec = activation?.params['function'];
  return [...new Set(['linear', ...(spec?.type === 'choice' ? spec.values : [])])];
}

function functionMistakes(name: string, path: string): readonly Diagnostic[] {
  const names = endFunctions();
  if (names.includes(name)) return [];
  const [hintEn, hintZh] = named(name, names);
  return [
    badRules(`${path}.function`, `there is no function "${name}"${hintEn}`, `没有名为 "${name}" 的函数${hintZh}`),
  ];
}
