import { analyzeNetwork } from '../../analysis/analyze';
import { networkWeights } from '../../compile/networkWeights';
import { importDamaged, importTooNew, importUnknownShape, importUnsupported } from '../../diagnostics/catalog/imports';
import { failure, success, type Result } from '../../diagnostics/diagnostic';
import { findLayer } from '../../layers';
import { isInput } from '../../layers/traits';
import type { FloatTensors } from '../../ops/tensor';
import type { NetworkDocument } from '../../schema/document';
import { text } from '../../text';
import { createNetworkBuilder } from '../networkBuilder';
import type { ImportLine } from '../report';
import { shareSameTensors } from '../sameWeights';
import { carryGraph } from './carry';
import { partOfLayer } from './context';
import { joinProjections } from './joinProjections';
import type { OnnxModel } from './model';
import { isSameModule } from './names';
import { Unreadable } from './unreadable';
import { probeSize, type GraphPort } from './ports';

/** The newest version of ONNX's operators whose meaning is known here. */
const newestOpset = 28;
/** The oldest: before it, operators stretched their inputs in ways of their own. */
const oldestOpset = 7;

/** A network with its weights from an ONNX file. */
export type OnnxImport = {
  readonly document: NetworkDocument;
  readonly weights: FloatTensors | null;
  readonly report: readonly ImportLine[];
  /** What the file is fed with and gives, by its own names, as views of the network's nodes. */
  readonly inputs: readonly GraphPort[];
  readonly outputs: readonly GraphPort[];
  /** How many samples the file is fixed to. */
  readonly batch: number;
};

/** Makes a network of what an ONNX file says. `path` is what messages call it. */
export function importOnnx(model: OnnxModel, path: string, name: string): Result<OnnxImport> {
  const refused = refusal(model, path);
  if (refused !== null) return failure(refused);
  try {
    const builder = createNetworkBuilder();
    const { inputs, outputs, batch, isOpen, origins, attentions } = carryGraph(model, builder);
    const found = reachable(builder.build(name), outputs);
    const { document: whole, weights: read, moved } = joinProjections(found, builder.weights, [...attentions.keys()]);
    const kept = shareSameTensors(whole, read, origins, isSameModule);
    const document = isOpen ? withOpenSizes(kept) : kept;
    const ids = new Set(document.nodes.map(({ id }) => id));
    const partOf = new Map([
      ...moved,
      ...[...attentions].flatMap(([id, parts]) => parts.map((part) => [part, id] as const)),
    ]);
    const report = builder.report.map((line): ImportLine => {
      if (line.nodeId === null || ids.has(line.nodeId)) return line;
      const layer = partOf.get(line.nodeId);
      if (layer !== undefined && ids.has(layer)) {
        return { ...line, nodeId: layer, status: 'changed', why: partOfLayer };
      }
      const why = text('No output of the file depends on it.', '文件的输出都不依赖它。');
      return { ...line, nodeId: null, status: 'left', why };
    });
    const checked = checkWeights(document, read);
    return success({
      document,
      inputs,
      outputs: outputs.map((port) => ({
        ...port,
        view: { ...port.view, node: moved.get(port.view.node) ?? port.view.node },
      })),
      batch,
      weights: checked.weights,
      report: [...report, ...checked.report],
    });
  } catch (error) {
    if (error instanceof Unreadable) return failure(diagnosticOf(error, path));
    throw error;
  }
}

function refusal(model: OnnxModel, path: string) {
  if (model.opset > newestOpset) {
    return importTooNew(path, text(`operator set ${model.opset}`, `算子集 ${model.opset}`));
  }
  if (model.nodes.length === 0 && model.isTraining) {
    return importUnsupported(path, text('a training graph of ONNX', 'ONNX 训练图'), null);
  }
  if (model.nodes.length === 0) {
    const what =
      model.initializers.length > 0
        ? text('weights alone, as ONNX', '仅有权值的 ONNX 文件')
        : text('no ONNX model: it has no graph', '没有计算图的 ONNX 文件');
    return importUnsupported(path, what, null);
  }
  if (model.opset < oldestOpset && model.opset > 0) {
    const mend = text(
      'Convert it to a newer operator set (onnx.version_converter).',
      '请转换到较新的算子集（onnx.version_converter）。',
    );
    return importUnsupported(path, text(`ONNX of operator set ${model.opset}`, `算子集 ${model.opset} 的 ONNX`), mend);
  }
  return null;
}

function diagnosticOf({ reason, part, detail }: Unreadable, path: string) {
  switch (reason) {
    case 'operation':
      return importUnknownShape(path, detail, part);
    case 'input':
      return importUnsupported(
        path,
        text(`an ONNX model whose input “${part}” is ${detail}`, `输入“${part}”为 ${detail} 的 ONNX 模型`),
        null,
      );
    case 'size':
      return importDamaged(
        path,
        text(`the size of “${part}” cannot be (${detail})`, `“${part}”的大小有误（${detail}）`),
      );
    case 'type':
      return importUnsupported(
        path,
        text(`an ONNX model whose “${part}” holds ${detail}`, `其“${part}”包含 ${detail} 的 ONNX 模型`),
        null,
      );
    case 'graph':
      return importDamaged(
        path,
        text(`its graph does not hold together at “${part}” (${detail})`, `其计算图在“${part}”处不成立（${detail}）`),
      );
  }
}

/** Without nodes that no output needs. */
function reachable(document: NetworkDocument, outputs: readonly GraphPort[]): NetworkDocument {
  const into = new Map<string, string[]>();
  for (const { from, to } of document.edges) into.set(to, [...(into.get(to) ?? []), from]);
  const needed = new Set<string>();
  const open = outputs.map(({ view }) => view.node);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (needed.has(id)) continue;
    needed.add(id);
    open.push(...(into.get(id) ?? []));
  }
  const inputs = document.nodes.filter(({ kind }) => isInput(findLayer(kind))).map(({ id }) => id);
  const kept = new Set([...needed, ...inputs]);
  return {
    ...document,
    nodes: document.nodes.filter(({ id }) => kept.has(id)),
    edges: document.edges.filter(({ from, to }) => kept.has(from) && kept.has(to)),
  };
}

/** The network for pictures of any size, where it can be one. */
function withOpenSizes(document: NetworkDocument): NetworkDocument {
  const open = {
    ...document,
    nodes: document.nodes.map((node) => {
      const { shape } = node.params as { readonly shape?: readonly (number | null)[] };
      if (!isInput(findLayer(node.kind)) || shape?.length !== 3) return node;
      const sizes = shape.map((size, axis) => (axis < 2 && size === probeSize ? null : size));
      return { ...node, params: { ...node.params, shape: sizes } };
    }),
  };
  return analyzeNetwork(open).ok ? open : document;
}

/** The weights, where each is there with the shape that the network gives it; else none, and why. */
function checkWeights(
  document: NetworkDocument,
  weights: FloatTensors,
): { readonly weights: FloatTensors | null; readonly report: readonly ImportLine[] } {
  const analysis = analyzeNetwork(document);
  const lines: ImportLine[] = analysis.diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ at, summary }) => ({
      source: at.nodeId ?? document.name,
      nodeId: at.nodeId ?? null,
      status: 'changed',
      why: summary,
    }));
  if (lines.length > 0) return { weights: null, report: lines };
  const kept: { [name: string]: FloatTensors[string] } = {};
  for (const { name, shape } of networkWeights(document, analysis)) {
    const tensor = weights[name];
    const fits =
      tensor !== undefined &&
      tensor.shape.length === shape.length &&
      tensor.shape.every((size, axis) => size === shape[axis]);
    if (fits) kept[name] = tensor;
    else {
      const found = tensor === undefined ? '' : `[${tensor.shape.join(', ')}]`;
      lines.push({
        source: name,
        nodeId: name.slice(0, name.lastIndexOf('/')),
        status: 'left',
        why: text(`Its shape ${found} is not [${shape.join(', ')}].`, `其形状 ${found} 不是 [${shape.join(', ')}]。`),
      });
    }
  }
  return { weights: lines.length > 0 ? null : kept, report: lines };
}
