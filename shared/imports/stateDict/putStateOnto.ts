import { analyzeNetwork } from '../../analysis/analyze';
import { initialWeights } from '../../compile/initialWeights';
import { networkWeights } from '../../compile/networkWeights';
import { nothingMatches } from '../../diagnostics/catalog/imports';
import { failure, success, type Result } from '../../diagnostics/diagnostic';
import type { FloatTensor, FloatTensors } from '../../ops/tensor';
import type { NetworkDocument } from '../../schema/document';
import { formatShape, text, type Text } from '../../text';
import type { ImportLine } from '../report';
import { torchWeights, type TorchWeight } from './layouts';
import { isCounter, modulesOf, type StateModule, type StateTensor } from './modules';

/** The seed of weights that the file does not have; the same file and network always give the same model. */
const initialSeed = 0;

/** How sure it is that a module is a node's. */
type Pair = {
  readonly nodeId: string;
  readonly module: StateModule;
  readonly by: 'name' | 'shape' | 'order';
  readonly of: number;
};

/** A node's weights and a module's tensors that go together, by the names of the weights. */
function fits(weights: readonly TorchWeight[], { tensors }: StateModule): boolean {
  const counted = [...tensors].filter(([name]) => !isCounter(name)).length;
  return counted === weights.length && weights.every((weight) => tensorFor(weight, tensors) !== null);
}

function tensorFor({ names, shape }: TorchWeight, tensors: StateModule['tensors']): StateTensor | null {
  for (const name of names) {
    const tensor = tensors.get(name);
    if (tensor !== undefined && isSameShape(tensor.shape, shape) && tensor.read !== null) return tensor;
  }
  return null;
}

/** Learned scales stand as `[c, 1, 1]` there: sizes of 1 on either end say nothing. */
function isSameShape(a: readonly number[], b: readonly number[]): boolean {
  const plain = (shape: readonly number[]): string => shape.join().replace(/(,1)+$/, '');
  return a.join() === b.join() || (b.length === 1 && plain(a) === plain(b));
}

/** A name without what programs put between its parts. */
function comparable(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}

/** What shapes a node's weights and a module's tensors have: those that are alike can be taken for each other. */
function signatureOf(weights: readonly TorchWeight[]): string {
  return weights.map(({ names, shape }) => `${names[0] ?? ''}[${shape.join()}]`).join(' ');
}

/** Puts the state_dict of a PyTorch model on a network: by the names of layers, else by shapes, else by order among equal shapes. */
export function putStateOnto(
  document: NetworkDocument,
  tensors: readonly StateTensor[],
  path: string,
): Result<{ readonly weights: FloatTensors; readonly report: readonly ImportLine[] }> {
  const analysis = analyzeNetwork(document);
  const expected = networkWeights(document, analysis);
  const nodes = torchWeights(document, analysis, expected);
  const modules = modulesOf(tensors).filter((module) => [...module.tensors.keys()].some((name) => !isCounter(name)));
  const { pairs, ambiguous } = pairUp(nodes, modules);
  if (pairs.length === 0) {
    return failure(
      nothingMatches(
        path,
        tensors.map(({ name, shape }) => `${name} ${formatShape(shape)}`),
        [...nodes.values()].flat().map(({ weight, shape }) => `${weight.name} ${formatShape(shape)}`),
      ),
    );
  }
  const found = new Map<string, FloatTensor>();
  const used = new Map<StateTensor, { readonly nodeId: string; readonly why: Text | null }>();
  for (const { nodeId, module, by, of } of pairs) {
    for (const weight of nodes.get(nodeId) ?? []) {
      const tensor = tensorFor(weight, module.tensors);
      const read = tensor?.read ?? null;
      if (tensor === null || read === null) continue;
      found.set(weight.weight.name, weight.toOurs(read));
      used.set(tensor, { nodeId, why: whyOf(by, nodeId, of) });
    }
  }
  const initial = initialWeights(
    expected.filter(({ name }) => !found.has(name)),
    initialSeed,
  );
  const weights = expected.flatMap(({ name }): [string, FloatTensor][] => {
    const tensor = found.get(name) ?? initial[name];
    return tensor === undefined ? [] : [[name, tensor]];
  });
  const lines = tensors.map((tensor) => lineOf(tensor, used.get(tensor), ambiguous));
  const kept = expected.flatMap(({ name, nodeId }): ImportLine[] =>
    found.has(name) ? [] : [{ source: name, nodeId, status: 'left', why: keptWhy(ambiguous.nodes.has(nodeId)) }],
  );
  return success({ weights: Object.fromEntries(weights), report: [...lines, ...kept] });
}

function keptWhy(isAmbiguous: boolean): Text {
  return isAmbiguous
    ? text(
        'Several modules of the file have its shapes, and not as many as the network has layers: it keeps initial values. Give it the name that the module has.',
        '文件中有多个模块与其形状相同，但数目与网络中的层不符：保留初始值。请给它取与模块相同的名称。',
      )
    : text('The file does not have it: it keeps initial values.', '文件中没有它：保留初始值。');
}

function whyOf(by: Pair['by'], nodeId: string, of: number): Text | null {
  if (by === 'name') return null;
  return by === 'shape'
    ? text(`It is taken for “${nodeId}”, which alone has these shapes.`, `按形状对应到“${nodeId}”，只有它的形状相符。`)
    : text(
        `It is taken for “${nodeId}” by its place among ${of} of the same shapes: check it.`,
        `按顺序对应到“${nodeId}”，共有 ${of} 个形状相同：请核对。`,
      );
}

type Ambiguous = { readonly nodes: ReadonlySet<string>; readonly modules: ReadonlySet<StateModule> };

function lineOf(
  tensor: StateTensor,
  used: { readonly nodeId: string; readonly why: Text | null } | undefined,
  ambiguous: Ambiguous,
): ImportLine {
  const source = tensor.name;
  if (used !== undefined)
    return { source, nodeId: used.nodeId, status: used.why === null ? 'same' : 'changed', why: used.why };
  const isOneOfSeveral = [...ambiguous.modules].some((module) => [...module.tensors.values()].includes(tensor));
  const why = isCounter(source)
    ? text('It counts the batches of a training.', '它记录训练的批数。')
    : tensor.read === null
      ? text('It holds no real numbers.', '它不是实数。')
      : isOneOfSeveral
        ? text('Several layers have these shapes, and none has this name.', '有多个层形状相同，但没有此名称的层。')
        : text(
            `No layer of the network has its shapes (${formatShape(tensor.shape)}).`,
            `网络中没有形状相符的层（${formatShape(tensor.shape)}）。`,
          );
  return { source, nodeId: null, status: 'left', why };
}

function pairUp(
  nodes: ReadonlyMap<string, readonly TorchWeight[]>,
  modules: readonly StateModule[],
): { readonly pairs: readonly Pair[]; readonly ambiguous: Ambiguous } {
  const pairs: Pair[] = [];
  const open = new Set(modules);
  const waiting = new Map(nodes);
  const take = (nodeId: string, module: StateModule, by: Pair['by'], of: number): void => {
    pairs.push({ nodeId, module, by, of });
    open.delete(module);
    waiting.delete(nodeId);
  };
  const byName = new Map<string, StateModule | null>();
  for (const module of modules) {
    const name = comparable(module.name);
    // Two that are called alike tell nothing.
    byName.set(name, byName.has(name) ? null : module);
  }
  for (const [nodeId, weights] of nodes) {
    const module = byName.get(comparable(nodeId));
    if (module !== undefined && module !== null && open.has(module) && fits(weights, module))
      take(nodeId, module, 'name', 1);
  }
  const classes = new Map<string, string[]>();
  for (const [nodeId, weights] of waiting) {
    const signature = signatureOf(weights);
    classes.set(signature, [...(classes.get(signature) ?? []), nodeId]);
  }
  const ambiguous = { nodes: new Set<string>(), modules: new Set<StateModule>() };
  for (const ids of classes.values()) {
    const weights = nodes.get(ids[0] ?? '') ?? [];
    const alike = [...open].filter((module) => fits(weights, module));
    if (alike.length === ids.length) {
      const by = ids.length === 1 ? 'shape' : 'order';
      for (const [at, nodeId] of ids.entries()) {
        const module = alike[at];
        if (module !== undefined) take(nodeId, module, by, ids.length);
      }
    } else if (alike.length > 0) {
      for (const nodeId of ids) ambiguous.nodes.add(nodeId);
      for (const module of alike) ambiguous.modules.add(module);
    }
  }
  return { pairs, ambiguous };
}
