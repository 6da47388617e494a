import { elementwiseCases } from './opCases/elementwise';
import type { OpCase } from './opCases/opCase';
import { otherCases } from './opCases/others';
import { largeWindowCases, windowCases } from './opCases/windows';

/** Small functions that cover every op. */
export const opCases: readonly OpCase[] = [...elementwiseCases, ...windowCases, ...otherCases];

/** Each engine must agree with the reference interpreter on all of these. */
export const engineCases: readonly OpCase[] = [...opCases, ...largeWindowCases];
