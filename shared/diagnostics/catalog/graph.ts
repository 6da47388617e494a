import { formatCount, text } from '../../text';
import type { Diagnostic, Fix } from '../diagnostic';

/** Nodes that one sentence names; a broken file may have a hundred thousand. */
const mostNamed = 12;

type Wire = { readonly from: string; readonly to: string; readonly toPort?: number };

/** An edit or a wire names a node that is not there. */
export function unknownNode(nodeId: string): Diagnostic {
  return {
    code: 'graph/unknown-node',
    severity: 'error',
    at: { nodeId },
    summary: text(`There is no node “${nodeId}”.`, `不存在节点“${nodeId}”。`),
    fixes: [],
  };
}

/** Two nodes share one id, so no wire can say which it means. */
export function duplicateId(nodeId: string, path: string | null, fixes: readonly Fix[] = []): Diagnostic {
  return {
    code: 'graph/duplicate-id',
    severity: 'error',
    at: path === null ? { nodeId } : { nodeId, path },
    summary: text(`Two nodes are called “${nodeId}”.`, `有两个节点都叫“${nodeId}”。`),
    why: text(
      'Wires find nodes by id, so each id can stand for one node only.',
      '连线靠 id 找到节点，因此一个 id 只能对应一个节点。',
    ),
    fixes,
  };
}

/** An id that cannot stand in a document. */
export function emptyId(): Diagnostic {
  return {
    code: 'graph/empty-id',
    severity: 'error',
    at: {},
    summary: text('A node needs an id that is not empty.', '节点的 id 不能为空。'),
    fixes: [],
  };
}

/** A wire whose end is not in the document. */
export function danglingEdge(edge: Wire, missing: string, path: string, fixes: readonly Fix[]): Diagnostic {
  return {
    code: 'graph/dangling-edge',
    severity: 'error',
    at: missing === edge.to ? { nodeId: edge.from, path } : { nodeId: edge.to, port: edge.toPort ?? 0, path },
    summary: text(
      `The wire from “${edge.from}” to “${edge.to}” has a missing end: there is no node “${missing}”.`,
      `从“${edge.from}”到“${edge.to}”的连线缺了一端：不存在节点“${missing}”。`,
    ),
    fixes,
  };
}

/** An edit names a wire that is not there. */
export function unknownEdge(edge: Wire): Diagnostic {
  return {
    code: 'graph/unknown-edge',
    severity: 'error',
    at: { nodeId: edge.to, port: edge.toPort ?? 0 },
    summary: text(
      `There is no wire from “${edge.from}” to “${edge.to}”.`,
      `不存在从“${edge.from}”到“${edge.to}”的连线。`,
    ),
    fixes: [],
  };
}

/** A node would feed itself. */
export function selfLoop(nodeId: string): Diagnostic {
  return {
    code: 'graph/self-loop',
    severity: 'error',
    at: { nodeId },
    summary: text(`“${nodeId}” cannot feed itself.`, `“${nodeId}”不能连接到自身。`),
    why: text(
      'A convolutional network runs once from input to output; nothing can wait for its own result.',
      '卷积网络从输入到输出只计算一遍，任何节点都不能等待自己的结果。',
    ),
    fixes: [],
  };
}

/** A loop of wires. `nodes` are in the order of the wires. */
export function cycle(nodes: readonly string[], fixes: readonly Fix[] = []): Diagnostic {
  const [first = ''] = nodes;
  const shown = nodes.length > 12 ? [...nodes.slice(0, 6), '…', ...nodes.slice(-5)] : nodes;
  const trail = [...shown, first].join(' → ');
  return {
    code: 'graph/cycle',
    severity: 'error',
    at: { nodeId: first },
    summary: text(`These wires go round in a circle: ${trail}.`, `这些连线形成了环：${trail}。`),
    why: text(
      'Each node would have to wait for itself. Remove one wire of the circle.',
      '每个节点都要等待自己的结果。请去掉环中的一条连线。',
    ),
    related: nodes,
    fixes,
  };
}

/** Several wires in one input port. */
export function portTaken(
  nodeId: string,
  port: number,
  sources: readonly string[],
  fixes: readonly Fix[] = [],
): Diagnostic {
  const list = sources.slice(0, mostNamed).map((source) => `“${source}”`);
  const more = sources.length - list.length;
  const rest = more > 0 ? text(` and ${formatCount(more)} more`, `等 ${formatCount(sources.length)} 条`) : text('', '');
  return {
    code: 'graph/port-taken',
    severity: 'error',
    at: { nodeId, port },
    summary: text(
      `Input ${port + 1} of “${nodeId}” takes one wire, and has ${list.join(' and ')}${rest.en}.`,
      `“${nodeId}”的输入口 ${port + 1} 只能接一条连线，现在有${list.join('和')}${rest.zh}。`,
    ),
    why: text(
      'To bring two branches together, use Add (sums them) or Concat (stacks their channels).',
      '要汇合两条支路，请使用相加或拼接（按通道）。',
    ),
    related: sources.slice(0, mostNamed),
    fixes,
  };
}

/** A wire into a port that the layer does not have. */
export function noSuchPort(
  nodeId: string,
  port: number,
  layer: { readonly en: string; readonly zh: string },
  portCount: number,
  fixes: readonly Fix[] = [],
): Diagnostic {
  return {
    code: 'graph/no-such-port',
    severity: 'error',
    at: { nodeId, port },
    summary:
      portCount === 0
        ? text(`“${nodeId}” takes no input: ${layer.en} has none.`, `“${nodeId}”不接受输入：${layer.zh}没有输入口。`)
        : text(
            `“${nodeId}” has no input ${port + 1}: ${layer.en} has ${portCount === 1 ? 'one input' : `${portCount} inputs`}.`,
            `“${nodeId}”没有输入口 ${port + 1}：${layer.zh}${portCount === 1 ? '只有一个输入口' : `有 ${portCount} 个输入口`}。`,
          ),
    fixes,
  };
}

/** A node without a wire into a port that must have one. */
export function missingInput(
  nodeId: string,
  port: number,
  portName: { readonly en: string; readonly zh: string },
  fixes: readonly Fix[],
): Diagnostic {
  return {
    code: 'graph/missing-input',
    severity: 'error',
    at: { nodeId, port },
    summary: text(
      `Nothing is wired into “${nodeId}” (${portName.en}).`,
      `“${nodeId}”没有接入任何连线（${portName.zh}）。`,
    ),
    why: text(
      'A layer computes its values from those of the layer before it, so it needs a wire from one.',
      '一层的数值由前一层算出，因此必须接入一条连线。',
    ),
    fixes,
  };
}

/** A vector where a layer looks at rows and columns. */
export function wrongRank(
  nodeId: string,
  port: number,
  layer: { readonly en: string; readonly zh: string },
  shape: string,
): Diagnostic {
  return {
    code: 'graph/wrong-rank',
    severity: 'error',
    at: { nodeId, port },
    summary: text(
      `${layer.en} “${nodeId}” slides over height and width, but gets the vector ${shape}.`,
      `${layer.zh}“${nodeId}”要在高和宽上滑动，但得到的是向量 ${shape}。`,
    ),
    why: text(
      'FC, GAP and Flatten give up the positions: behind them there are no rows and columns left. Put this layer before them.',
      '全连接、全局池化和展平会丢掉位置信息，它们之后不再有行和列。请把这一层放到它们之前。',
    ),
    fixes: [],
  };
}

/** A node that is drawn and left out: what it reads flows on. */
export function bypassed(nodeId: string, shape: string | null): Diagnostic {
  const flows = shape === null ? text('What comes in', '输入') : text(shape, shape);
  return {
    code: 'graph/bypassed',
    severity: 'info',
    at: { nodeId },
    summary: text(
      `“${nodeId}” is bypassed: ${shape === null ? 'what comes in' : flows.en} flows on as it is.`,
      `“${nodeId}”已旁路：${flows.zh}原样通过。`,
    ),
    why: text(
      'The network is computed, trained and exported as if it were not there. Its settings are kept.',
      '网络按没有该节点来计算、训练和导出，其设置保留不变。',
    ),
    fixes: [
      {
        title: text(`Use “${nodeId}” again`, `重新启用“${nodeId}”`),
        edits: [{ type: 'setBypass', id: nodeId, bypass: false }],
      },
    ],
  };
}

/** A node that cannot be left out, since it has no one input to hand on. `wires` lead into it. */
export function cannotBypass(
  nodeId: string,
  layer: { readonly en: string; readonly zh: string },
  wires: number,
): Diagnostic {
  return {
    code: 'graph/cannot-bypass',
    severity: 'error',
    at: { nodeId },
    summary: text(`“${nodeId}” (${layer.en}) cannot be bypassed.`, `“${nodeId}”（${layer.zh}）不能旁路。`),
    why: text(
      `What is bypassed hands on its one input, and ${wires === 0 ? 'nothing flows into' : 'several inputs meet in'} this node.`,
      `旁路会让唯一的输入原样通过，而该节点${wires === 0 ? '没有输入' : '汇合了多个输入'}。`,
    ),
    fixes: [
      {
        title: text(`Use “${nodeId}” again`, `重新启用“${nodeId}”`),
        edits: [{ type: 'setBypass', id: nodeId, bypass: false }],
      },
    ],
  };
}

/** A network with nothing in it. */
export function emptyNetwork(): Diagnostic {
  return {
    code: 'graph/empty',
    severity: 'info',
    at: {},
    summary: text('The network is empty: start with an Input.', '网络还是空的：先放一个 Input。'),
    fixes: [],
  };
}

/** An input that no layer reads. */
export function unusedInput(nodeId: string): Diagnostic {
  return {
    code: 'graph/unused-input',
    severity: 'warning',
    at: { nodeId },
    summary: text(`Nothing reads the input “${nodeId}”.`, `没有任何层读取输入“${nodeId}”。`),
    fixes: [
      {
        title: text(`Remove “${nodeId}”`, `移除“${nodeId}”`),
        edits: [{ type: 'removeNodes', ids: [nodeId] }],
        paramsDelta: 0,
      },
    ],
  };
}
