import { Search } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { useDeferredValue, useRef, useState } from 'react';
import { layers } from '../../shared/layers';
import type { LayerChoice } from '../../shared/layers/names';
import { actionOf, keysOf } from '../actions';
import { insertLayer } from '../canvas/actions';
import { goToNode } from '../canvas/view';
import { useText } from '../i18n';
import type { Session } from '../session';
import { useSession } from '../session';
import { Kbd } from '../ui/Kbd';
import { BlockSections } from './BlockSections';
import { DragGhost } from './DragGhost';
import { paletteGroups } from './groups';
import styles from './Palette.module.css';
import { PaletteItem } from './PaletteItem';

/** Inserts by keyboard, and keeps the focus in the palette so that the next layer is one key away. */
function insert(session: Session, { definition, params }: LayerChoice): void {
  insertLayer(session, definition.kind, params);
  const [added] = session.project.getState().selection;
  if (added === undefined) return;
  const before = document.activeElement;
  goToNode(session, added);
  requestAnimationFrame(() =>
    requestAnimationFrame(() => (before instanceof HTMLElement ? before.focus() : undefined)),
  );
}

/** Up and down move through all items, whatever their group. */
function moveFocus(event: KeyboardEvent<HTMLDivElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-layer]')];
  const at = items.findIndex((item) => item === document.activeElement);
  event.preventDefault();
  items[Math.max(0, at + (event.key === 'ArrowDown' ? 1 : -1))]?.focus();
}

/** The layers to build from: drag one to the canvas, or press Enter to insert it after the selection. */
export function Palette() {
  const { t } = useText('canvas');
  const session = useSession();
  const [query, setQuery] = useState('');
  const search = useRef<HTMLInputElement>(null);
  const deferred = useDeferredValue(query.trim());
  const groups = paletteGroups(layers, deferred);
  const first = groups[0]?.members[0];
  return (
    <div className={styles['palette']} onKeyDown={moveFocus}>
      <div className={styles['search']}>
        <Search size={14} aria-hidden />
        <input
          ref={search}
          type="search"
          data-palette-search
          aria-label={t.searchLayers}
          placeholder={t.searchLayers}
          value={query}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={(event) => {
            // With a modifier the keys are another action's, or nobody's.
            const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.nativeEvent.isComposing;
            if (event.key === 'Enter' && isPlain && first) insert(session, first);
            if (event.key === 'Escape') {
              setQuery('');
              search.current?.blur();
            }
          }}
        />
        <Kbd keys={keysOf(actionOf('searchLayers')).keys ?? ''} />
      </div>
      <div role="group" className={styles['groups']} aria-label={t.paletteHint}>
        {groups.map(({ name, members }) => (
          <section key={name} aria-label={t[name]}>
            <h2 className={styles['title']}>{t[name]}</h2>
            <ul>
              {members.map((choice) => (
                <PaletteItem
                  key={`${choice.definition.kind} ${JSON.stringify(choice.params)}`}
                  choice={choice}
                  isEntry={choice === first}
                  onInsert={() => insert(session, choice)}
                />
              ))}
            </ul>
          </section>
        ))}
        <BlockSections query={deferred} />
        {groups.length === 0 ? <p className={styles['none']}>{t.noLayer}</p> : null}
      </div>
      <DragGhost />
    </div>
  );
}
