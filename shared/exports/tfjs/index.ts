import { sharingOwners } from '../../analysis/sharedWeights';
import type { NetworkAnalysis, NodeAnalysis } from '../../analysis/types';
import { sharedNotPrinted } from '../../diagnostics/catalog/printing';
import { notStandardLayer } from '../../diagnostics/catalog/standardLayers';
import { failure, success, type Diagnostic, type Result } from '../../diagnostics/diagnostic';
import { flatNetwork } from '../../document/expand';
import type { Shape } from '../../layers/define';
import type { FloatTensors } from '../../ops/tensor';
import type { Json, NetworkDocument } from '../../schema/document';
import type { Text } from '../../text';
import { identifiersOf } from '../names';
import { checkPrinters, checkWeights, findPrinter } from '../printers';
import { apart } from '../repeated';
import type { PrintContext, PrintedLayer } from './emit';
import { printers } from './kinds';
import { tfjsReadme } from './readme';
import { numberCalls } from './calls';
import { nonNegativeNodes } from './signs';
import { printShards } from './shards';

const target = 'TensorFlow.js';

/** What the weights' files and the layers' list are called; `tf.loadLayersModel` is given the first. */
export const tfjsModelFile = 'model.json';

/** Ends the printing of one node; caught beside it. */
class Refusal extends Error {
  constructor(readonly diagnostic: Diagnostic) {
    super('A node was refused.');
  }
}

type Printed = {
  readonly layers: readonly PrintedLayer[];
  /** The layer that the value of a node comes from. */
  readonly values: ReadonlyMap<string, string>;
};

function printLayers(document: NetworkDocument, analysis: NetworkAnalysis): Result<Printed> {
  const nodes = analysis.order.flatMap((id) => analysis.nodes.get(id) ?? []);
  const names = identifiersOf(
    nodes.map(({ id }) => id),
    new Map(nodes.map(({ id, kind }) => [id, kind])),
  );
  const sources = new Map<string, string[]>();
  for (const { from, to, toPort = 0 } of document.edges) {
    const list = sources.get(to) ?? [];
    list[toPort] = from;
    sources.set(to, list);
  }
  const positive = nonNegativeNodes(nodes, sources);
  const owners = sharingOwners(analysis);
  const layers: PrintedLayer[] = [];
  const values = new Map<string, string>();
  const refused: Diagnostic[] = [];
  for (const node of nodes) {
    const read = (sources.get(node.id) ?? []).flat();
    const name = names.get(node.id) ?? node.id;
    try {
      values.set(
        node.id,
        printNode(node, {
          name,
          inputs: read.map((id) => values.get(id) ?? id),
          isNonNegative: read.length > 0 && read.every((id) => positive.has(id)),
          owner: owners.get(node.id) ?? null,
          ownerName: names.get(owners.get(node.id) ?? '') ?? name,
          made: (one) => layers.find((layer) => layer.name === one),
          add: (layer) => void layers.push(layer),
        }),
      );
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refused.push(error.diagnostic);
      values.set(node.id, name);
    }
  }
  return refused.length > 0 ? { ok: false, diagnostics: refused } : success({ layers, values });
}

function printNode(
  node: NodeAnalysis,
  about: {
    readonly name: string;
    readonly inputs: readonly string[];
    readonly isNonNegative: boolean;
    /** The node whose weights it uses with others, and what that is called; null for one that shares none. */
    readonly owner: string | null;
    readonly ownerName: string;
    readonly made: (name: string) => PrintedLayer | undefined;
    readonly add: (layer: PrintedLayer) => void;
  },
): string {
  const printer = findPrinter(printers, node.kind);
  if (printer === undefined) throw new Error(`No printer for ${node.kind}: its nodes were to be refused.`);
  const context: PrintContext = {
    node,
    params: node.params ?? {},
    inputs: about.inputs,
    shapes: node.inputShapes.filter((shape): shape is Shape => shape !== null),
    output: node.outputShape ?? [],
    isNonNegative: about.isNonNegative,
    emit: (className, config, given, { suffix, weights = [] } = {}) => {
      const inputs = apart(given, (input, at) => {
        const again = `${about.name}__${suffix === undefined ? '' : `${suffix}_`}again${at}`;
        const same = {
          name: again,
          className: 'Activation',
          config: { name: again, trainable: true, activation: 'linear' },
        };
        about.add({ ...same, inputs: [input], nodeId: node.id, weights: [] });
        return again;
      });
      // Two underscores are in no identifier: what reads the file again knows whose part a layer is.
      const name = suffix === undefined ? about.name : `${about.name}__${suffix}`;
      const all: { readonly [name: string]: Json | undefined } = { name, trainable: true, ...config };
      const known = Object.entries(all).filter((entry): entry is [string, Json] => entry[1] !== undefined);
      const layer = { name, className, config: Object.fromEntries(known), inputs, nodeId: node.id, weights };
      if (about.owner === null || weights.length === 0) {
        about.add(layer);
        return name;
      }
      const owned = suffix === undefined ? about.ownerName : `${about.ownerName}__${suffix}`;
      return addShared(layer, owned, about.owner, about);
    },
    refuse: (why: Text): never => {
      throw new Refusal(notStandardLayer(node.id, target, why));
    },
  };
  return printer(context);
}

/** The layers that an output hangs on, and the inputs: a file has no others, as what gives a size alone. */
function needed(analysis: NetworkAnalysis, { layers, values }: Printed): readonly PrintedLayer[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const open = [...analysis.outputs, ...analysis.inputs].map((id) => values.get(id) ?? id);
  const kept = new Set<PrintedLayer>();
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const layer = byName.get(name);
    if (layer === undefined || kept.has(layer)) continue;
    kept.add(layer);
    // One that is called once more is listed where it was first.
    open.push(...layer.inputs, ...(layer.calls === undefined ? [] : [layer.calls]));
  }
  return layers.filter((layer) => kept.has(layer));
}

/**
 * Adds a layer whose weights several nodes use: the first lists it, under the owner's name, and the others call it once more. The name of
 * its value is given.
 */
function addShared(
  layer: PrintedLayer,
  name: string,
  owner: string,
  about: {
    readonly made: (name: string) => PrintedLayer | undefined;
    readonly add: (layer: PrintedLayer) => void;
  },
): string {
  const known = about.made(name);
  const config = { ...layer.config, name };
  if (known === undefined) {
    about.add({ ...layer, name, config, nodeId: owner });
    return name;
  }
  const differing = [...new Set([...Object.keys(config), ...Object.keys(known.config)])].filter(
    (field) => JSON.stringify(known.config[field]) !== JSON.stringify({ ...config }[field]),
  );
  if (known.className !== layer.className) differing.push('class_name');
  if (differing.length > 0) throw new Refusal(sharedNotPrinted(layer.nodeId, owner, target, differing));
  // No identifier has a colon: the value of a call is told from every layer.
  const value = `${name}:${layer.nodeId}`;
  about.add({ ...layer, name: value, calls: name });
  return value;
}

function topologyOf({ name }: NetworkDocument, analysis: NetworkAnalysis, { layers, values }: Printed): Json {
  const { calls, refs: places } = numberCalls(layers);
  const refOf = (value: string): readonly [string, number] => places.get(value) ?? [value, 0];
  const refs = (ids: readonly string[]): Json => ids.map((id) => [...refOf(values.get(id) ?? id), 0]);
  return {
    class_name: 'Model',
    config: {
      name,
      layers: [...calls].map(([layer, all]) => ({
        name: layer.name,
        class_name: layer.className,
        config: layer.config,
        inbound_nodes: all.flatMap(({ inputs }) =>
          inputs.length === 0 ? [] : [inputs.map((input) => [...refOf(input), 0, {}])],
        ),
      })),
      input_layers: refs(analysis.inputs),
      output_layers: refs(analysis.outputs),
    },
  };
}

/**
 * Prints a network with its weights as a layers model of TensorFlow.js, of standard layers alone: `model.json`, weights in files of a few
 * megabytes, and a README. Where standard layers cannot compute a node, all such nodes are named and nothing is printed.
 */
export function printTfjs(
  source: NetworkDocument,
  analysis: NetworkAnalysis,
  weights: FloatTensors,
): Result<ReadonlyMap<string, Uint8Array | string>> {
  const document = flatNetwork(source);
  const refused = checkPrinters(analysis, printers, target);
  if (refused.length > 0) return failure(...refused);
  const printed = printLayers(document, analysis);
  if (!printed.ok) return printed;
  const listed = printed.value.layers.filter(({ calls }) => calls === undefined);
  const held = listed.map(({ nodeId, weights: own }) => ({
    nodeId,
    weights: own.map(({ from }) => from),
  }));
  const lost = checkWeights(analysis, held, target);
  if (lost.length > 0) return failure(...lost);
  const layers = needed(analysis, printed.value);
  const { files, manifest } = printShards(
    layers.filter(({ calls }) => calls === undefined),
    weights,
  );
  const model = {
    format: 'layers-model',
    generatedBy: 'Convloom',
    convertedBy: null,
    modelTopology: {
      keras_version: '2.15.0',
      backend: 'tensorflow',
      model_config: topologyOf(source, analysis, { ...printed.value, layers }),
    },
    weightsManifest: manifest,
  };
  return success(
    new Map<string, Uint8Array | string>([
      [tfjsModelFile, `${JSON.stringify(model)}\n`],
      ...files,
      ['README.md', tfjsReadme(document, analysis)],
    ]),
  );
}
