import { printJax } from '../../../shared/exports/jax';
import { pythonTarget } from './pythonProject';

/** A project for JAX, with Flax NNX. */
export const jax = pythonTarget({ label: 'Flax', modules: ['flax', 'jax'], print: printJax });
