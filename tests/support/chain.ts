import type { Json, NetworkDocument, NetworkEdge, NetworkNode } from '../../shared/schema/document';

/** One row of {@link chain}: id, kind, params, where its inputs come from if not from the row above, and whose weights it uses. */
export type ChainRow = readonly [
  id: string,
  kind: string,
  params?: { readonly [name: string]: Json },
  from?: readonly string[],
  weightsOf?: string,
];

/** A network written as rows; each takes its input from the row above unless it names its sources. */
export function chain(rows: readonly ChainRow[]): NetworkDocument {
  const nodes = rows.map(([id, kind, params = {}, , weightsOf]): NetworkNode => ({
    id,
    kind,
    params,
    ...(weightsOf !== undefined && { weightsOf }),
  }));
  const edges = rows.flatMap(([id, kind, , from], index): NetworkEdge[] => {
    const above = rows[index - 1];
    const sources = from ?? (above === undefined || kind === 'input' ? [] : [above[0]]);
    return sources.map((source, port) => ({ from: source, to: id, ...(port === 0 ? {} : { toPort: port }) }));
  });
  return { format: 'convloom.network', version: 1, name: 'test', nodes, edges };
}
