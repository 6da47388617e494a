import type { CSSProperties, PointerEvent } from 'react';
import { useRef } from 'react';
import { titleOfChoice, valuesOfChoice, type LayerChoice } from '../../shared/layers/names';
import { splitFirstSentence } from '../../shared/text';
import { dropAt } from '../canvas/dropTarget';
import {
  beginLayerDrag,
  endLayerDrag,
  isOverCanvas,
  layerMime,
  moveLayerDrag,
  useLayerDrag,
} from '../canvas/layerDrag';
import { useText } from '../i18n';
import { useSession } from '../session';
import { Kbd } from '../ui/Kbd';
import { LayerGlyph, familyColour } from '../ui/LayerGlyph';
import { Tooltip } from '../ui/Tooltip';
import styles from './Palette.module.css';

/** A finger moves this far before it drags rather than taps. */
const dragThreshold = 6;

/** The browser's drag and drop knows no fingers and no pens: these drag with the pointer itself. */
function usePointerDrag({ definition: { kind }, params }: LayerChoice) {
  const session = useSession();
  const start = useRef<{ readonly x: number; readonly y: number } | null>(null);
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>): void => {
      if (event.pointerType === 'mouse') return;
      start.current = { x: event.clientX, y: event.clientY };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent): void => {
      const { current } = start;
      if (!current) return;
      const { clientX: x, clientY: y } = event;
      const isDragging = useLayerDrag.getState().drag !== null;
      if (!isDragging && Math.hypot(x - current.x, y - current.y) < dragThreshold) return;
      if (!isDragging) beginLayerDrag(kind, params, { x, y });
      moveLayerDrag(x, y);
    },
    onPointerUp: (event: PointerEvent): void => {
      const isDragging = start.current !== null && useLayerDrag.getState().drag !== null;
      start.current = null;
      const { clientX: x, clientY: y } = event;
      if (isDragging && isOverCanvas(x, y)) dropAt(session, kind, params, x, y);
      endLayerDrag();
    },
    onPointerCancel: (): void => {
      // The browser cancels a mouse's pointer as its own drag begins, which goes on.
      if (start.current !== null) endLayerDrag();
      start.current = null;
    },
  };
}

type PaletteItemProps = {
  readonly choice: LayerChoice;
  readonly onInsert: () => void;
  /** The one that Tab comes to; the arrow keys lead to the others. */
  readonly isEntry: boolean;
};

/** One layer of the palette. */
export function PaletteItem({ choice, onInsert, isEntry }: PaletteItemProps) {
  const { pick } = useText('canvas');
  const { definition, params } = choice;
  const { kind, family, doc } = definition;
  // The key inserts the kind as such.
  const hotkey = Object.keys(params).length === 0 ? definition.hotkey : undefined;
  const pointer = usePointerDrag(choice);
  const style: CSSProperties & Record<'--family', string> = { '--family': familyColour(family) };
  return (
    <li>
      <Tooltip text={splitFirstSentence(pick(doc))[0]} side="right">
        <button
          type="button"
          data-layer={kind}
          draggable
          className={styles['item']}
          style={style}
          tabIndex={isEntry ? 0 : -1}
          aria-keyshortcuts={hotkey?.toUpperCase()}
          onClick={onInsert}
          onDragStart={(event) => {
            event.dataTransfer.setData(layerMime, kind);
            event.dataTransfer.effectAllowed = 'copy';
            beginLayerDrag(kind, params, null);
          }}
          onDragEnd={endLayerDrag}
          {...pointer}
        >
          <span className={styles['glyph']}>
            <LayerGlyph definition={definition} params={valuesOfChoice(choice)} />
          </span>
          <span className={styles['label']}>{pick(titleOfChoice(choice))}</span>
          {hotkey === undefined ? null : (
            // Its keys are said as such; they are no part of its name.
            <span aria-hidden="true">
              <Kbd keys={hotkey.toUpperCase()} />
            </span>
          )}
        </button>
      </Tooltip>
    </li>
  );
}
