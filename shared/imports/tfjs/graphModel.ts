import type { JsonRecord } from '../keras/config';
import type { ConvertedModel } from '../keras/convert';
import type { StoredTensor } from '../keras/weights';

export function convertTfGraph(_m: JsonRecord, _w: readonly StoredTensor[]): ConvertedModel {
  throw new Error('todo');
}
