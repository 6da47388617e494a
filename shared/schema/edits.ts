import type { TrainingConfig, TrainingFieldName } from './training';
import type { Frame, Json, NetworkDocument, NetworkEdge, NetworkNode, Position } from './document';

/** One change to a document, as plain data: the canvas, the fixes and the transforms all speak this. Applied by `applyEdits`. */
export type Edit =
  | { readonly type: 'addNode'; readonly node: NetworkNode }
  /** Also removes the wires of the nodes. With `heal`, a node with one input and consumers is bridged over. */
  | { readonly type: 'removeNodes'; readonly ids: readonly string[]; readonly heal?: boolean }
  /** `undefined` is not JSON: `null` in `unset` names the params that go back to their default. */
  | {
      readonly type: 'setParams';
      readonly id: string;
      readonly params: { readonly [name: string]: Json };
      readonly unset?: readonly string[];
    }
  | {
      readonly type: 'setKind';
      readonly id: string;
      readonly kind: string;
      readonly params: { readonly [name: string]: Json };
    }
  | { readonly type: 'setLabel'; readonly id: string; readonly label: string | null }
  | { readonly type: 'setNote'; readonly id: string; readonly note: string | null }
  | { readonly type: 'setBypass'; readonly id: string; readonly bypass: boolean }
  /** `null`: the node has weights of its own. */
  | { readonly type: 'setWeightsOf'; readonly id: string; readonly weightsOf: string | null }
  | { readonly type: 'setPinned'; readonly ids: readonly string[]; readonly pinned: boolean }
  | { readonly type: 'moveNodes'; readonly positions: { readonly [id: string]: Position } }
  | { readonly type: 'connect'; readonly edge: NetworkEdge }
  | { readonly type: 'disconnect'; readonly edge: NetworkEdge }
  /** Puts `node` into the wire: its input port 0 takes the wire's source, its output the wire's target. */
  | { readonly type: 'insertOnEdge'; readonly edge: NetworkEdge; readonly node: NetworkNode }
  /** Puts `node` behind `after`: it takes over all of `after`'s consumers. */
  | { readonly type: 'insertAfter'; readonly after: string; readonly node: NetworkNode }
  /** Leads a wire through places, in their order; through none it runs by itself. */
  | { readonly type: 'leadEdge'; readonly edge: NetworkEdge; readonly via: readonly Position[] }
  | { readonly type: 'addFrame'; readonly frame: Frame }
  /** The nodes that they hold stay. */
  | { readonly type: 'removeFrames'; readonly ids: readonly string[] }
  /** Puts these frames in the place of those of the same ids. */
  | { readonly type: 'setFrames'; readonly frames: readonly Frame[] }
  | { readonly type: 'renameNetwork'; readonly name: string }
  /** Changes these settings and leaves the others as they are; those in `unset` go back to their default. */
  | {
      readonly type: 'setTraining';
      readonly train: Partial<TrainingConfig>;
      readonly unset?: readonly TrainingFieldName[];
    }
  | { readonly type: 'replaceDocument'; readonly document: NetworkDocument };
