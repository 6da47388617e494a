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
import type { GeneratedFile } from '../files';
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
  const printed = printNncFile(source, analysis);
  return printed.ok ? success(printed.value.text) : printed;
}

/** The same as a file that knows which lines are which node's: its variables, its weights and its functions. */
export function printNncFile(source: NetworkDocument, analysis: NetworkAnalysis): Result<GeneratedFile> {
  const refused = checkPrinters(analysis, table, target);
  if (refused.length > 0) return failure(...refused);
  const document = flatNetwork(source);
  const sources = new Map(analysis.order.map((id) => [id, sourcesOf(document, id)]));
  const inOrder = readInOrder(analysis, sources);
  const names = identifiersOf(analysis.order, new Map([...analysis.nodes].map(([id, { kind }]) => [id, kind])));
  const graph = new NncGraph();
  const owners = new Map<Field, string>();
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
      for (const field of [...graph.variables, ...graph.functions]) {
        if (!owners.has(field)) owners.set(field, id);
      }
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
  const head: readonly Field[] = [
    ['name', named(network)],
    ['batch_size', 1],
  ];
  const body = [...graph.variables, ...graph.functions];
  const fields: readonly Field[] = [
    ['version', named('1.0.0')],
    ['network', [...head, ...body]],
    ['executor', executorFields(feeds.map(variable), ends.map(variable))],
  ];
  // Before them: the version, and the line that opens the network.
  const nodeLines = linesOfOwners(body, owners, 2 + head.length);
  return success({ path: 'network.nntxt', text: printFields(fields), nodeLines });
}

function executorFields(feeds: readonly string[], ends: readonly string[]): readonly Field[] {
  const linked = (kind: string, name: string): Field => [
    kind,
    [
      ['variable_name', named(name)],
      ['data_name', named(name)],
    ],
  ];
  return [
    ['name', named('Executor')],
    ['network_name', named(network)],
    ['num_evaluations', 1],
    ['repeat_evaluation_type', named('mean')],
    ...feeds.map((name) => linked('data_variable', name)),
    ...ends.map((name) => linked('output_variable', name)),
  ];
}

/** The lines (1-based) of the fields of each owner, where so many lines stand before the first field. */
function linesOfOwners(
  fields: readonly Field[],
  owners: ReadonlyMap<Field, string>,
  before: number,
): ReadonlyMap<string, readonly number[]> {
  const lines = new Map<string, number[]>();
  let line = before;
  for (const field of fields) {
    const owner = owners.get(field) ?? '';
    const own = lines.get(owner) ?? [];
    const end = line + printFields([field]).split('\n').length - 1;
    while (line < end) own.push(++line);
    lines.set(owner, own);
  }
  return lines;
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
