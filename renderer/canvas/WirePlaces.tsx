import type { KeyboardEvent, PointerEvent } from 'react';
import { EdgeLabelRenderer } from 'reactflow';
import type { NetworkEdge, Position } from '../../shared/schema/document';
import { fill, useText } from '../i18n';
import { useProject, useSession } from '../session';
import { classes } from '../ui/classes';
import { snap } from './actions';
import { followPointer } from './frameDrag';
import { leadWire, movedPlace, showPlaces } from './leading';
import { titleById } from './speech';
import styles from './Wire.module.css';

type WirePlacesProps = {
  readonly edge: NetworkEdge;
  /** Where they are shown: beside a block that is open, or on its way, that is not where the document has them. */
  readonly via: readonly Position[];
  readonly isSelected: boolean;
};

const directions: Readonly<Record<string, Position>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** The points that a wire is led through: dragged, moved by arrow keys, and taken away by Delete or a double click. */
export function WirePlaces({ edge, via, isSelected }: WirePlacesProps) {
  const { t, pick } = useText('frames');
  const session = useSession();
  const from = useProject(({ document, analysis }) => titleById(document, analysis, edge.from));
  const to = useProject(({ document, analysis }) => titleById(document, analysis, edge.to));
  const own = edge.via ?? [];
  const at = (places: readonly Position[], index: number, by: Position): readonly Position[] =>
    places.map((place, other) => (other === index ? snap({ x: place.x + by.x, y: place.y + by.y }) : place));
  const drag = (index: number, event: PointerEvent): void => {
    if (event.button !== 0) return;
    followPointer(session, event, {
      show: (by) => showPlaces(session, { edge, via: via.with(index, movedPlace(session, edge, index, by).shown) }),
      keep: (by) => leadWire(session, edge, own.with(index, movedPlace(session, edge, index, by).own)),
      end: () => showPlaces(session, null),
    });
  };
  const remove = (index: number): void => leadWire(session, edge, own.toSpliced(index, 1));
  const press = (index: number, event: KeyboardEvent): void => {
    const along = directions[event.key];
    const step = event.shiftKey ? 40 : 8;
    if (event.key === 'Delete' || event.key === 'Backspace') remove(index);
    else if (along) leadWire(session, edge, at(own, index, { x: along.x * step, y: along.y * step }));
    else return;
    event.preventDefault();
    // The keys are the point's, not the selection's.
    event.stopPropagation();
  };
  return (
    // Above the ends of the wire, by which it is pulled off: near a port they lie over a point.
    <EdgeLabelRenderer>
      {via.map(({ x, y }, index) => (
        <button
          // Points have no other name than their turn.
          key={index}
          type="button"
          className={classes(styles['place'], isSelected && styles['placeSelected'], 'nopan', 'nodrag')}
          style={{ transform: `translate(${x}px, ${y}px) translate(-50%, -50%)` }}
          aria-label={fill(t.place, { at: index + 1, count: via.length, from: pick(from), to: pick(to) })}
          onPointerDown={(event) => drag(index, event)}
          onDoubleClick={() => remove(index)}
          onKeyDown={(event) => press(index, event)}
        />
      ))}
    </EdgeLabelRenderer>
  );
}
