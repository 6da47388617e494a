import { printPytorch } from '../../../shared/exports/pytorch';
import { pythonTarget } from './pythonProject';

/** A project for PyTorch. */
export const pytorch = pythonTarget({ label: 'PyTorch', modules: ['torch'], print: printPytorch });
