import type { NetworkEdge } from '../../shared/schema/document';
import type { Session } from '../session';
import { flowOf } from './flow';
import { paneOf } from './view';

/** Where a port was pressed, in window pixels. */
type Pressed = Pick<MouseEvent, 'clientX' | 'clientY'>;

/**
 * Takes the end of a wire into the hand at its port. React Flow has a handle for that beside the port, below the node; it is told that it was
 * pressed, so that the wire moves in the same way wherever its end is taken hold of.
 */
export function takeEnd(session: Session, wire: NetworkEdge, { clientX, clientY }: Pressed): void {
  const id =
    flowOf(session)
      .store.getState()
      .edges.find(({ data }) => data?.edge === wire)?.id ?? '';
  const end = paneOf(session)?.querySelector(
    `.react-flow__edge[data-id="${CSS.escape(id)}"] .react-flow__edgeupdater-target`,
  );
  end?.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, cancelable: true, clientX, clientY }));
}
