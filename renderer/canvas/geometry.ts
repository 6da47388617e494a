import { layoutCell } from '../../shared/layout/geometry';

export { nodeHeight, outputY, shownInputs, wiredPorts } from '../../shared/layout/geometry';

/** Width of every node, in canvas pixels. */
export const nodeWidth = layoutCell.nodeWidth;

/** Side of a port's target, which lies half over the node's edge. */
export const handleSize = 16;
