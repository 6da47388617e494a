import { analyzeNetwork } from '../analysis/analyze';
import { initialWeights } from '../compile/initialWeights';
import { networkWeights } from '../compile/networkWeights';
import type { Shape } from '../layers/define';
import { elementCount, type FloatTensor } from '../ops/tensor';
import type { Json } from '../schema/document';
import { formatShape, text, type Text } from '../text';
import { valueCount } from './arranged';
import { shapeOf } from './keras/convert';
import { createNetworkBuilder, type ImportedNetwork } from './networkBuilder';
import { damaged } from './problem';
import type { ImportLine } from './report';
import { holdsSameWeights } from './sameWeights';

/** A node while a file is read: what stands behind it there may still become a part of it. */
export type Draft = {
  readonly kind: string;
  source: string;
  params: { readonly [name: string]: Json };
  weights: { readonly [name: string]: FloatTensor };
  from: readonly Draft[];
  shape: Shape;
  /** What the file calls its weights: drafts of one kind with the same ones share them. */
  weightsName?: string;
};

type Line = { readonly source: string; readonly draft: Draft | null } & Pick<ImportLine, 'status' | 'why'>;

/** Where a network of drafts ends and begins, by the file's names. */
type Ends = {
  readonly name: string;
  readonly inputs: ReadonlyMap<Draft, string>;
  readonly outputs: readonly { readonly draft: Draft; readonly name: string }[];
  readonly hasWeights: boolean;
};

/** Collects the nodes of a network in an order in which each stands behind what it reads. */
export type Drafts = {
  /** Adds a node. Its shape is computed as the app does; one that does not fit ends the import. Params left undefined are left out. */
  add(
    source: string,
    kind: string,
    params: { readonly [name: string]: Json | undefined },
    from: readonly Draft[],
    weights?: { readonly [name: string]: FloatTensor },
  ): Draft;
  /** How many nodes there are. */
  count(): number;
  /** Takes a node out that became a part of another, `keeper`; nothing else may read it. */
  remove(draft: Draft, keeper: Draft): void;
  /** Says what became of a part of the file. */
  say(source: string, draft: Draft | null, status: ImportLine['status'], why?: Text): void;
  finish(ends: Ends): ImportedNetwork;
};

/** As {@link Drafts.add}, where it is known which part of the file is being read. */
export type AddDraft = (
  kind: string,
  params: Parameters<Drafts['add']>[2],
  from: readonly Draft[],
  weights?: { readonly [name: string]: FloatTensor },
) => Draft;

/** The seed of weights that a file does not have; the same file always gives the same model. */
const initialSeed = 0;

function known(params: { readonly [name: string]: Json | undefined }): { readonly [name: string]: Json } {
  return Object.fromEntries(Object.entries(params).filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

/** Starts a network without nodes. */
export function createDrafts(): Drafts {
  const drafts = new Set<Draft>();
  const lines: Line[] = [];
  const moved = new Map<Draft, Draft>();
  return {
    add: (source, kind, params, from, weights = {}) => {
      const own = known(params);
      const inputs = from.map(({ shape }) => shape);
      const draft: Draft = { kind, source, params: own, weights, from, shape: shapeOf(source, kind, own, inputs) };
      drafts.add(draft);
      return draft;
    },
    count: () => drafts.size,
    remove: (draft, keeper) => {
      drafts.delete(draft);
      moved.set(draft, keeper);
    },
    say: (source, draft, status, why) => void lines.push({ source, draft, status, why: why ?? null }),
    finish: (ends) => {
      const kept = lines.map((line) => ({
        ...line,
        draft: line.draft === null ? null : (moved.get(line.draft) ?? line.draft),
      }));
      return finish([...drafts], kept, ends);
    },
  };
}

function finish(drafts: readonly Draft[], lines: readonly Line[], ends: Ends): ImportedNetwork {
  const builder = createNetworkBuilder();
  const ids = new Map<Draft, string>();
  const owners = new Map<string, Draft>();
  for (const draft of drafts) {
    const { kind, params, source, weights } = draft;
    const owner = ownerOf(draft, owners);
    const from = draft.from.map((one) => ids.get(one) ?? '');
    const weightsOf = owner === draft ? undefined : ids.get(owner);
    const held = weightsOf === undefined ? { weights } : { weightsOf };
    ids.set(draft, builder.add({ kind, params, source, from, ...held }));
  }
  for (const { source, draft, status, why } of lines) {
    builder.say(source, draft === null ? null : (ids.get(draft) ?? null), status, why ?? undefined);
  }
  const read = new Set(drafts.flatMap(({ from }) => from));
  const outputs = ends.outputs.map(({ draft, name }): [string, string] => {
    const id = ids.get(draft) ?? '';
    if (!read.has(draft)) return [id, name];
    const end = builder.add({
      kind: 'activation',
      params: { function: 'linear' },
      source: `${name}_output`,
      from: [id],
    });
    const why = text(
      'The model gives out what other layers go on with: a node behind it stands for that.',
      '模型输出了其他层继续使用的值：由其后的一个节点表示。',
    );
    builder.say(name, end, 'changed', why);
    return [end, name];
  });
  const document = builder.build(ends.name);
  const weights = ends.hasWeights ? wholeWeights(document, builder) : null;
  return {
    document,
    weights,
    report: builder.report,
    inputs: new Map([...ends.inputs].map(([draft, name]) => [ids.get(draft) ?? '', name])),
    outputs: new Map(outputs),
  };
}

/** The first draft that has the same weights of the file: itself, unless there was one before. `owners` are those of before. */
export function ownerOf<One extends Pick<Draft, 'kind' | 'weights' | 'weightsName'>>(
  draft: One,
  owners: Map<string, One>,
): One {
  const { kind, weightsName } = draft;
  if (weightsName === undefined) return draft;
  const key = JSON.stringify([kind, weightsName]);
  const known = owners.get(key);
  if (known !== undefined && holdsSameWeights(known.weights, draft.weights)) return known;
  owners.set(key, draft);
  return draft;
}

/** The weights that were found, of the shapes that the network has; those that the file does not have start as a training would. */
function wholeWeights(
  document: ImportedNetwork['document'],
  builder: ReturnType<typeof createNetworkBuilder>,
): ImportedNetwork['weights'] {
  const expected = networkWeights(document, analyzeNetwork(document));
  const found = builder.weights;
  const missing = expected.filter(({ name }) => found[name] === undefined);
  for (const { name, shape } of expected) {
    const tensor = found[name];
    if (tensor === undefined) continue;
    const fits = formatShape(tensor.shape) === formatShape(shape) && valueCount(tensor) === elementCount(tensor.shape);
    if (fits) continue;
    const [is, wanted] = [`${formatShape(tensor.shape)} (${valueCount(tensor)})`, formatShape(shape)];
    damaged(text(`“${name}” is ${is} and its layer needs ${wanted}.`, `“${name}”为 ${is}，而该层需要 ${wanted}。`));
  }
  for (const { name, nodeId } of missing) {
    builder.say(
      name,
      nodeId,
      'left',
      text('The file does not have it: it starts with initial values.', '文件中没有它：使用初始值。'),
    );
  }
  const initial = initialWeights(missing, initialSeed);
  return Object.fromEntries(
    expected.flatMap(({ name }) => {
      const tensor = found[name] ?? initial[name];
      return tensor === undefined ? [] : [[name, tensor] as const];
    }),
  );
}

/** Whether a layer may apply a function itself that stands behind it. */
export function takesActivation({ kind, params }: Draft): boolean {
  return ['conv', 'upconv', 'fc'].includes(kind) && params['activation'] === undefined;
}
