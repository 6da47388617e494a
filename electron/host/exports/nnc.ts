import { printNnc } from '../../../shared/exports/nnc';
import type { Target } from './targets';

/** One file of text. Nothing here runs it. */
export const nnc: Target = { print: ({ document, analysis }) => printNnc(document, analysis) };
