export { emptyDocument } from '../schema/document';
export type { Json, NetworkDocument, NetworkEdge, NetworkNode } from '../schema/document';
export type { Edit } from '../schema/edits';
export { expand, flatNetwork } from './expand';
export { freshNodeId } from './ids';
export { migrate } from './migrations';
export { topologicalOrder } from './order';
export { parseNetwork } from './parse';
export { serializeNetwork } from './serialize';
