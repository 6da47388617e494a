import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { flatNetwork } from '../../../shared/document/expand';
import type { NetworkDocument } from '../../../shared/schema/document';
import { findLayer } from '../../../shared/layers';
import { isInput } from '../../../shared/layers/traits';
import { layoutNetwork } from '../../../shared/layout/layoutNetwork';
import { formatShape } from '../../../shared/text';
import { convChain } from '../analysisCost';
import type { SubjectId } from './measures';

/** A network to be opened, moved and edited in the app. */
export type UiNetwork = {
  readonly id: SubjectId;
  readonly label: string;
  readonly document: NetworkDocument;
  /** The size typed into the input's Shape field. */
  readonly typed: readonly number[];
};

/** The documents of the templates that are opened. */
export type UiTemplates = { readonly unet: NetworkDocument; readonly resnet50: NetworkDocument };

/** The networks of the benchmark: the published U-Net, ResNet-50, and a chain as long as anybody will draw. */
export function uiNetworks({ unet, resnet50 }: UiTemplates): readonly UiNetwork[] {
  return [
    { id: 'unet', label: 'U-Net', document: drawnOut(unet), typed: [604, 604, 1] },
    { id: 'resnet-50', label: 'ResNet-50', document: drawnOut(resnet50), typed: [256, 256, 3] },
    { id: 'chain-1000', label: 'Chain of convs', document: withPlaces(convChain(1000)), typed: [48, 48, 8] },
  ];
}

/** Blocks drawn out, so that the canvas has as many nodes as the published network has layers. */
export function drawnOut(document: NetworkDocument): NetworkDocument {
  const flat = flatNetwork(document);
  return flat === document ? document : withPlaces(flat);
}

/** Places from the app's own layout, so that plain React Flow can be given the very same. */
function withPlaces(document: NetworkDocument): NetworkDocument {
  const places = layoutNetwork(document);
  const nodes = document.nodes.map((node) => ({ ...node, position: places[node.id] ?? { x: 0, y: 0 } }));
  return { ...document, nodes };
}

/** What typing the size does to the network: which field it goes into, and where its end can be seen. */
export type Edit = {
  readonly inputId: string;
  /** The last node, in order of computation, whose output shape changes, with the shape before and after as nodes show it. */
  readonly lastId: string;
  readonly before: string;
  readonly after: string;
  /** The shape after in the words of a node's name, which a mark has in place of text. */
  readonly afterSpoken: string;
};

/** The edit's course by the analysis that the app uses; null where the typed size changes no shape or breaks the network. */
export function editOf({ document, typed }: Pick<UiNetwork, 'document' | 'typed'>): Edit | null {
  const input = document.nodes.find(({ kind }) => isInput(findLayer(kind)));
  if (input === undefined) return null;
  const nodes = document.nodes.map((node) =>
    node === input ? { ...node, params: { ...node.params, shape: [...typed] } } : node,
  );
  const before = analyzeNetwork(document);
  const after = analyzeNetwork({ ...document, nodes });
  if (after.diagnostics.some(({ severity }) => severity === 'error')) return null;
  const shapeIn = (analysis: typeof before, id: string): string =>
    formatShape(analysis.nodes.get(id)?.outputShape ?? []);
  const lastId = after.order.findLast((id) => shapeIn(before, id) !== shapeIn(after, id));
  if (lastId === undefined) return null;
  return {
    inputId: input.id,
    lastId,
    before: shapeIn(before, lastId),
    after: shapeIn(after, lastId),
    afterSpoken: (after.nodes.get(lastId)?.outputShape ?? []).join(' by '),
  };
}
