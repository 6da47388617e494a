import { createPortal } from 'react-dom';
import { findLayer } from '../../shared/layers';
import { titleOfChoice, valuesOfChoice } from '../../shared/layers/names';
import { useLayerDrag } from '../canvas/layerDrag';
import { useText } from '../i18n';
import { LayerGlyph, familyColour } from '../ui/LayerGlyph';
import styles from './Palette.module.css';

/** The layer under a finger or a pen on its way to the canvas. */
export function DragGhost() {
  const { pick } = useText('canvas');
  const drag = useLayerDrag((state) => state.drag);
  const definition = drag ? findLayer(drag.kind) : undefined;
  if (!drag?.pointer || (!definition && !drag.block)) return null;
  return createPortal(
    <div className={styles['ghost']} style={{ transform: `translate(${drag.pointer.x}px, ${drag.pointer.y}px)` }}>
      <span style={{ color: familyColour(definition?.family ?? 'io'), display: 'grid' }}>
        <LayerGlyph
          definition={definition}
          params={definition && valuesOfChoice({ definition, params: drag.params })}
          isBlock={drag.block !== undefined}
        />
      </span>
      {definition ? pick(titleOfChoice({ definition, params: drag.params })) : drag.block?.name}
    </div>,
    document.body,
  );
}
