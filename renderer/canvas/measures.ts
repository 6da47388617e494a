import type { NodeMeasures } from '../../shared/analysis/heat';
import type { Session } from '../session';
import { levelsOf, rootOf } from '../session';

/** What of a network's measures is inside a block, by the ids that its nodes have there. */
const insides = new WeakMap<NodeMeasures, Map<string, NodeMeasures>>();

/** What the flat ids of a session's nodes begin with: nothing for the network itself. */
export function prefixOf(session: Session): string {
  if (rootOf(session) === session) return '';
  const levels = levelsOf(session);
  const own = levels.find((level) => level.session === session);
  return (own?.path ?? [])
    .map(({ nodeId, copy }, depth) => {
      const repeat = levels[depth]?.analysis.blocks.get(nodeId)?.repeat ?? 1;
      return repeat > 1 ? `${nodeId}/${copy}/` : `${nodeId}/`;
    })
    .join('');
}

/** Of what was measured of the whole network, that of a session's own nodes. The same object for the same measures. */
export function measuresIn(session: Session, measures: NodeMeasures): NodeMeasures {
  const prefix = prefixOf(session);
  if (prefix === '') return measures;
  const known = insides.get(measures) ?? new Map<string, NodeMeasures>();
  insides.set(measures, known);
  const inside =
    known.get(prefix) ??
    Object.fromEntries(
      Object.entries(measures).flatMap(([id, value]) =>
        id.startsWith(prefix) ? [[id.slice(prefix.length), value]] : [],
      ),
    );
  known.set(prefix, inside);
  return inside;
}
