import type { Shape } from '../../layers/define';
import {
  field,
  numberField,
  numberLiteral,
  type Context,
  type Field,
  type Params,
  type PrintedCall,
} from '../code/calls';
import { choiceField, custom, native, switchField } from './calls';

/** Layer and group normalisation; `over` says which. */
export function printNorm({ params, weights }: Context, over: Field): readonly PrintedCall[] {
  const switches = ['scale', 'center', 'trainable'].map((name) => switchField(name, params));
  return [{ ...custom('SampleNormalization', [over, numberField('epsilon', params), ...switches]), weights }];
}

export function printScale({ params, weights }: Context): readonly PrintedCall[] {
  const fields = ['scale', 'shift'].map((name) => numbersField(name, params));
  if (params['learned'] === false) return [custom('ScaleShift', fields)];
  return [
    {
      ...custom('ScaleShift', [
        ...fields,
        choiceField('learned', params),
        switchField('center', params),
        switchField('trainable', params),
      ]),
      weights,
    },
  ];
}

export function printSlice({ params, inputs: [shape = []] }: Context): readonly PrintedCall[] {
  const axis = params['axis'] === 'channels' ? shape.length : params['axis'] === 'height' ? 1 : 2;
  const to = params['to'] === null ? [] : [numberField('to', params)];
  return [custom('Slice', [field('axis', String(axis)), numberField('from', params), ...to])];
}

/** Another shape for the same values. */
export function reshapeTo(shape: Shape, param: string | null): PrintedCall {
  return native('reshape', [{ ...field('targetShape', `[${shape.map(String).join(', ')}]`), param }]);
}

/** A param that is a number, or a list of them. */
export function numbersField(param: string, params: Params, name = param): Field {
  const value = params[param];
  const literal = Array.isArray(value) ? `[${value.map(numberLiteral).join(', ')}]` : numberLiteral(value);
  return { ...field(name, literal), param };
}
