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
  if (!drag?.pointer || !definition) return null;
  return createPortal(
    <div className={styles['ghost']} style={{ transform: `translate(${drag.pointer.x}px, ${drag.pointer.y}px)` }}>
      <span style={{ color: familyColour(definition.family), display: 'grid' }}>
        <LayerGlyph definition={definition} params={valuesOfChoice({ definition, params: drag.params })} />
      </span>
      {pick(titleOfChoice({ definition, params: drag.params }))}
    </div>,
    document.body,
  );
}
