import { X } from 'lucide-react';
import type { CSSProperties } from 'react';
import { keptBlock } from '../../shared/editing/blocks/definitions';
import { heldBlocks } from '../../shared/document/blocks';
import type { KeptBlock } from '../../shared/schema/document';
import { beginBlockDrag, blockMime, endBlockDrag } from '../canvas/blockDrag';
import { insertBlock } from '../canvas/blocks';
import { dropBlockAt } from '../canvas/dropTarget';
import { beginBlockPull, endLayerDrag, isOverCanvas, moveLayerDrag } from '../canvas/layerDrag';
import { fill, useText } from '../i18n';
import { useLevel, useProject, useSession } from '../session';
import { IconButton } from '../ui/IconButton';
import { familyColour, LayerGlyph } from '../ui/LayerGlyph';
import { forgetFromLibrary, useLibraryBlocks } from './libraryStore';
import styles from './Palette.module.css';
import { usePointerDrag } from './usePointerDrag';

/** The blocks to build from: those of the network, and the user's own. Nothing while there are none of either. */
export function BlockSections({ query }: { readonly query: string }) {
  const { t } = useText('blocks');
  const { block: inside } = useLevel();
  const document = useProject((state) => state.document);
  const mine = useLibraryBlocks();
  const words = query.toLowerCase().split(/\s+/);
  const isFound = (name: string): boolean => words.every((word) => name.toLowerCase().includes(word));
  // A block cannot be put into itself, nor into what it holds.
  const fits = (name: string): boolean => inside === null || !heldBlocks(document, name).includes(inside);
  const own = Object.keys(document.blocks ?? {})
    .filter((name) => fits(name) && isFound(name))
    .map((name) => keptBlock(document, name));
  const kept = mine.filter(({ name }) => isFound(name));
  return (
    <>
      <Section title={t.ofNetwork} blocks={own} />
      <Section title={t.mine} blocks={kept} onForget={(name) => void forgetFromLibrary(name)} />
    </>
  );
}

type SectionProps = {
  readonly title: string;
  readonly blocks: readonly KeptBlock[];
  readonly onForget?: (name: string) => void;
};

function Section({ title, blocks, onForget }: SectionProps) {
  const { t } = useText('blocks');
  if (blocks.length === 0) return null;
  return (
    <section aria-label={title}>
      <h2 className={styles['title']}>{title}</h2>
      <ul>
        {blocks.map((block) => (
          <li key={block.name} className={styles['block']}>
            <BlockItem block={block} />
            {onForget === undefined ? null : (
              <IconButton
                size="sm"
                label={fill(t.forget, { block: block.name })}
                icon={<X size={13} />}
                onClick={() => onForget(block.name)}
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function BlockItem({ block }: { readonly block: KeptBlock }) {
  const session = useSession();
  const style: CSSProperties & Record<'--family', string> = { '--family': familyColour('io') };
  const pointer = usePointerDrag({
    onBegin: (at) => beginBlockPull(block, at),
    onMove: ({ x, y }) => moveLayerDrag(x, y),
    onDrop: ({ x, y }) => {
      if (isOverCanvas(x, y)) dropBlockAt(session, block, { x, y });
    },
    onEnd: endLayerDrag,
  });
  return (
    <button
      type="button"
      data-layer={block.name}
      draggable
      className={styles['item']}
      style={style}
      tabIndex={-1}
      onClick={() => insertBlock(session, block)}
      onDragStart={(event) => {
        event.dataTransfer.setData(blockMime, block.name);
        event.dataTransfer.effectAllowed = 'copy';
        beginBlockDrag(block);
      }}
      onDragEnd={endBlockDrag}
      {...pointer}
    >
      <span className={styles['glyph']}>
        <LayerGlyph definition={null} isBlock />
      </span>
      <span className={styles['label']}>{block.name}</span>
    </button>
  );
}
