import { printKeras } from '../../../shared/exports/keras';
import { pythonTarget } from './pythonProject';

/** A project for Keras 3. */
export const keras = pythonTarget({ label: 'Keras', modules: ['keras', 'tensorflow'], print: printKeras });
