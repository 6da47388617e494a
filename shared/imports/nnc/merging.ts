import { elementCount, type FloatTensor } from '../../ops/tensor';
import type { Json } from '../../schema/document';
import { text } from '../../text';
import type { Draft } from '../drafts';
import { numberAt } from '../protoText';
import { plain, type Converter, type FunctionUse, type Value } from './use';

/** What a report says of functions that became one layer. */
export const severalAreOne = text(
  'Several functions of the file are one layer here.',
  '文件中的多个函数在这里是一层。',
);

/**
 * Several values as one layer. What Convloom's own export writes in several functions (pairs of more than two, lists that meet a map) is
 * known by its names.
 */
export function merging(kind: string, params: { readonly [name: string]: Json } = {}): Converter {
  return (use) => {
    const parts = use.inputs.map((_, place) => use.input(place));
    const taken: Draft[] = [];
    const from = parts.flatMap((draft, place) => {
      const suffix = draft.source.startsWith(`${use.name}__`) ? draft.source.slice(use.name.length + 2) : '';
      const isPart =
        (draft.kind === kind && /^part\d+$/.test(suffix)) || (draft.kind === 'reshape' && /^map\d+$/.test(suffix));
      if (!isPart || !use.isOnlyReader(place)) return [draft];
      taken.push(draft);
      return draft.from;
    });
    const draft = use.add(kind, params, from);
    for (const part of taken) use.remove(part, draft);
    if (taken.length > 0) use.say('changed', severalAreOne);
    return plain(draft);
  };
}

/** A sum or a product: of values, or of one with learned numbers of the file. */
export function combining(kind: 'add' | 'multiply'): Converter {
  return (use) => (use.parameters.length === 0 ? merging(kind)(use) : scaling(use, kind));
}

/** One learned number for all, or one for each channel. */
function scaling(use: FunctionUse, kind: 'add' | 'multiply'): Value {
  const [x, ...others] = use.inputs;
  const [parameter, ...more] = use.parameters;
  if (x === undefined || parameter === undefined || others.length + more.length > 0)
    return use.refuse(text('It takes several values together with numbers.', '它同时取多个值和参数。'));
  const { sizes, data } = parameter;
  const { shape } = x.draft;
  const isOne = elementCount(sizes) === 1;
  // The batch, if it stands there, is 1; channels come before height and width.
  const along = sizes.at(shape.length === 1 ? -1 : -3);
  if (!isOne && (along !== shape.at(-1) || elementCount(sizes) !== along))
    return use.refuse(text('Its numbers lie along other axes than the channels.', '其参数不是每个通道一个。'));
  const tensor = (values: Float32Array): FloatTensor => ({ dtype: 'float32', shape: [values.length], data: values });
  const held = data === null ? {} : { [kind === 'add' ? 'shift' : 'scale']: tensor(data) };
  const factors = data === null || kind === 'multiply' ? {} : { scale: tensor(new Float32Array(data.length).fill(1)) };
  const params = { learned: isOne ? 'scalar' : 'channel', center: kind === 'multiply' ? false : undefined };
  // One number does not ask in what order values lie.
  const draft = use.add('scale', params, [isOne ? x.draft : use.input()], { ...factors, ...held });
  return { draft, map: isOne ? x.map : null };
}

/** Channels behind channels. */
export const concat: Converter = (use) => {
  if (numberAt(use.param, 'axis', use.sizes.length - 1) !== 1)
    use.refuse(text('It goes along another axis than the channels.', '它沿通道以外的轴进行。'));
  return merging('concat')(use);
};
