import type { CSSProperties } from 'react';
import { titleOfChoice, valuesOfChoice, type LayerChoice } from '../../shared/layers/names';
import { splitFirstSentence } from '../../shared/text';
import { dropAt } from '../canvas/dropTarget';
import { beginLayerDrag, endLayerDrag, isOverCanvas, layerMime, moveLayerDrag } from '../canvas/layerDrag';
import { useText } from '../i18n';
import { useSession } from '../session';
import { Kbd } from '../ui/Kbd';
import { LayerGlyph, familyColour } from '../ui/LayerGlyph';
import { Tooltip } from '../ui/Tooltip';
import styles from './Palette.module.css';
import { usePointerDrag } from './usePointerDrag';

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
  const session = useSession();
  const pointer = usePointerDrag({
    onBegin: (at) => beginLayerDrag(kind, params, at),
    onMove: ({ x, y }) => moveLayerDrag(x, y),
    onDrop: ({ x, y }) => {
      if (isOverCanvas(x, y)) dropAt(session, kind, params, x, y);
    },
    onEnd: endLayerDrag,
  });
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
