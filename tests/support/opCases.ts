import { elementwiseCases } from './opCases/elementwise';
import type { OpCase } from './opCases/opCase';
import { otherCases } from './opCases/others';
import { windowCases } from './opCases/windows';

/** Small functions that cover every op; each engine must agree with the reference interpreter on all of them. */
export const opCases: readonly OpCase[] = [...elementwiseCases, ...windowCases, ...otherCases];
