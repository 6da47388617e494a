import { targetNeedsWeights } from '../../../shared/diagnostics/catalog/exports';
import { failure, success } from '../../../shared/diagnostics/diagnostic';
import { wellFormed } from '../../../shared/exports/names';
import { exportTargets } from '../../../shared/schema/exports';
import { text } from '../../../shared/text';
import { encodeSafetensors } from '../../files/safetensors';
import type { Target } from './targets';

const label = exportTargets.find(({ id }) => id === 'safetensors')?.label ?? text('safetensors', 'safetensors');

/** The weights alone, by `node/weight`. Nothing computes there, so that nothing is proved: the file is read back as it is written. */
export const safetensors: Target = {
  print: ({ document, model }) => {
    if (model === null) return failure(targetNeedsWeights(label));
    const metadata = { format: 'convloom.weights', name: wellFormed(document.name), layout: 'channels last' };
    return success(encodeSafetensors(model.weights, metadata));
  },
};
