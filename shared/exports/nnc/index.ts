import { ownerOf, usedWeights } from '../../analysis/sharedWeights';
import type { NetworkAnalysis } from '../../analysis/types';
import { sourcesOf } from '../../compile/lowering';
import { kindNotPrinted } from '../../diagnostics/catalog/printing';
import type { Diagnostic } from '../../diagnostics/diagnostic';
import { failure, success, type Result } from '../../diagnostics/diagnostic';
import { flatNetwork } from '../../document/expand';
import type { ParamFields, ParamValues } from '../../layers/define';
import { isInput } from '../../layers/traits';
import type { NetworkDocument } from '../../schema/document';
import { identifiersOf } from '../names';
import { checkPrinters, findPrinter, type PrinterTable } from '../printers';
import { printers } from './kinds';
import { NncGraph, NotSaid, type NncPrinter } from './layer';
import { named, printFields, type Field } from './text';

const target = 'Neural Network Console';

const table: PrinterTable<NncPrinter<ParamValues<ParamFields>>> = printers;

/** The name of the one network. */
const network = 'Main';

/**
 * Prints a network in nnabla's text form (.nntxt), which Neural Network Console and nnabla read: maps have their channels first, variables
 * have the names of the nodes. Weights are not in it; they start as nnabla starts them.
 */
export function printNnc(source: NetworkDocument, analysis: NetworkAnalysis): Result<string> {
  const refused = checkPrinters(analysis, table, target);
  if (refused.length > 0) return failure(...refused);
  const document = flatNetwork(source);
  const sources = new Map(analysis.order.map((id) => [id, sourcesOf(document, id)]));
  const inOrder = readInOrder(analysis, sources);
  const names = identifiersOf(analysis.order, new Map([...analysis.nodes].map(([id, { kind }]) => [id, kind])));
  const graph = new NncGraph();
  const values = new Map<string, string>();
  const findings: Diagnostic[] = [];
  for (const id of analysis.order) {
    const node = analysis.nodes.get(id);
    const printer = node === undefined ? undefined : findPrinter(table, node.kind);
    if (node === undefined || printer === undefined) continue;
    const inputs = (sources.get(id) ?? []).map((from) => ({
      variable: values.get(from) ?? from,
      shape: analysis.nodes.get(from)?.outputShape ?? [],
    }));
    const { params, outputShape } = node;
    const layer = {
      id,
      name: names.get(id) ?? id,
      owner: names.get(ownerOf(node)) ?? id,
      params: params ?? {},
      inputs,
      output: outputShape ?? [],
      weights: usedWeights(node).map(known),
      isReadInOrder: inOrder.has(id),
    };
    try {
      values.set(id, printer.print(layer, graph));
    } catch (error) {
      if (!(error instanceof NotSaid)) throw error;
      findings.push(kindNotPrinted(id, node.kind, target));
    }
  }
  if (findings.length > 0) return failure(...findings);
  const read = new Set([...sources.values()].flat());
  const feeds = analysis.order.filter((id) => isInput(analysis.nodes.get(id)?.definition ?? null));
  const ends = analysis.order.filter((id) => !read.has(id));
  const variable = (id: string): string => values.get(id) ?? id;
  return success(
    printFields([
      ['version', named('1.0.0')],
      ['network', [['name', named(network)], ['batch_size', 1], ...graph.variables, ...graph.functions]],
      [
        'executor',
        [
          ['name', named('Executor')],
          ['network_name', named(network)],
          ['num_evaluations', 1],
          ['repeat_evaluation_type', named('mean')],
          ...feeds.map((id): Field => [
            'data_variable',
            [
              ['variable_name', named(variable(id))],
              ['data_name', named(variable(id))],
            ],
          ]),
          ...ends.map((id): Field => [
            'output_variable',
            [
              ['variable_name', named(variable(id))],
              ['data_name', named(variable(id))],
            ],
          ]),
        ],
      ],
    ]),
  );
}

/** The nodes of whose values anything asks for the order: what is not learned anew by a kernel behind them. */
function readInOrder(
  { order, outputs, nodes }: NetworkAnalysis,
  sources: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const asked = new Set(outputs);
  for (const id of order.toReversed()) {
    const node = nodes.get(id);
    const traits = node?.definition?.traits;
    if (traits?.role === 'dense') continue;
    const passes = traits?.role === 'flattening' || (traits?.isPointwise === true && node?.weights.length === 0);
    if (!passes || asked.has(id)) for (const source of sources.get(id) ?? []) asked.add(source);
  }
  return asked;
}

function known({ name, shape }: { readonly name: string; readonly shape: readonly number[] }) {
  return { name, shape };
}
