import { Command } from 'cmdk';
import { Search } from 'lucide-react';
import type { FocusEvent, KeyboardEvent } from 'react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { sketchOffset } from '../../shared/diagnostics/catalog/sketch';
import type { SketchedLayer } from '../../shared/editing/sketch/layer';
import { titleOfChoice, valuesOfChoice } from '../../shared/layers/names';
import { fill, useText } from '../i18n';
import type { Session } from '../session';
import { useProject, useSession } from '../session';
import { LayerGlyph, familyColour } from '../ui/LayerGlyph';
import { formatCount } from '../ui/numbers';
import type { Offer } from './building';
import { buildChain, buildChoice, offersFor } from './building';
import type { QuickInsert as Opened } from './quickInsert';
import { closeQuickInsert, useQuickInsert } from './quickInsert';
import styles from './QuickInsert.module.css';
import { titleById } from './speech';

/** Keys of the field: Escape closes, and Enter with a modifier is nobody's, least of all training's. */
function onFieldKey(session: Session, event: KeyboardEvent): void {
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (event.key === 'Enter' && !isPlain) event.preventDefault();
  if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
  event.preventDefault();
  closeQuickInsert(session, true);
}

/** What the search is for, as its name. */
function useHeading({ from, replaces }: Opened['site']): string {
  const { t, pick } = useText('building');
  const document = useProject((state) => state.document);
  const analysis = useProject((state) => state.analysis);
  const about = replaces ?? from?.nodeId;
  if (about === undefined) return t.search;
  const node = pick(titleById(document, analysis, about));
  if (replaces !== null) return fill(t.searchReplace, { node });
  return fill(from?.port === 'output' ? t.searchBehind : t.searchBefore, { node });
}

function OfferItem({ offer, onSelect }: { readonly offer: Offer; readonly onSelect: () => void }) {
  const { pick } = useText('building');
  const { choice, misfit } = offer;
  const { definition, params } = choice;
  return (
    <Command.Item
      value={`${definition.kind} ${JSON.stringify(params)}`}
      className={styles['item'] ?? ''}
      data-misfit={misfit === null ? undefined : true}
      onSelect={onSelect}
    >
      <span className={styles['glyph']} style={{ color: familyColour(definition.family) }}>
        <LayerGlyph definition={definition} params={valuesOfChoice(choice)} size={18} />
      </span>
      <span className={styles['words']}>
        <span>{pick(titleOfChoice(choice))}</span>
        {misfit === null ? null : <em>{pick(misfit.summary)}</em>}
      </span>
    </Command.Item>
  );
}

/** What is wrong with a sketch, and where. */
function Mistake({ diagnostic, typed }: { readonly diagnostic: Diagnostic; readonly typed: string }) {
  const { t, pick } = useText('building');
  const offset = sketchOffset(diagnostic);
  return (
    <div role="status" className={styles['mistake']}>
      <strong>{pick(diagnostic.summary)}</strong>
      {diagnostic.why ? <span>{pick(diagnostic.why)}</span> : null}
      {offset === null ? null : (
        <span className={styles['place']}>
          {fill(t.atCharacter, { place: offset + 1 })}
          <code>
            {typed.slice(Math.max(0, offset - 12), offset)}
            <mark>{typed.slice(offset, offset + 12) || ' '}</mark>
          </code>
        </span>
      )}
    </div>
  );
}

function ChainItem({ chain, onSelect }: { readonly chain: readonly SketchedLayer[]; readonly onSelect: () => void }) {
  const { t, pick } = useText('building');
  const [first] = chain;
  if (first === undefined) return null;
  const title =
    chain.length === 1
      ? fill(t.addOne, { layer: pick(titleOfChoice(first)) })
      : fill(t.addSketch, { count: formatCount(chain.length) });
  return (
    <Command.Item value="sketch" className={styles['item'] ?? ''} onSelect={onSelect}>
      <span className={styles['chain']} aria-hidden="true">
        {chain.slice(0, 10).map((layer, index) => (
          <span key={index} style={{ color: familyColour(layer.definition.family) }}>
            <LayerGlyph definition={layer.definition} params={valuesOfChoice(layer)} size={16} />
          </span>
        ))}
      </span>
      <span className={styles['words']}>{title}</span>
    </Command.Item>
  );
}

function Box({ opened }: { readonly opened: Opened }) {
  const { t } = useText('building');
  const session = useSession();
  const heading = useHeading(opened.site);
  const [typed, setTyped] = useState('');
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus({ preventScroll: true }), []);
  const { chain, layers, mistake } = useMemo(
    () => offersFor(session, typed, opened.site),
    [session, typed, opened.site],
  );
  const choose = (build: () => void): void => {
    closeQuickInsert(session, false);
    build();
  };
  const onBlur = ({ currentTarget, relatedTarget }: FocusEvent): void => {
    if (!currentTarget.contains(relatedTarget)) closeQuickInsert(session, false);
  };
  const { x, y } = opened.point;
  return (
    <div
      role="dialog"
      aria-label={heading}
      className={styles['box']}
      style={{ left: `min(${x}px, calc(100vw - 340px))`, top: `max(60px, min(${y}px, calc(100vh - 380px)))` }}
      onBlur={onBlur}
    >
      <Command label={heading} shouldFilter={false} loop onKeyDown={(event) => onFieldKey(session, event)}>
        <div className={styles['search']}>
          <Search size={14} aria-hidden />
          <Command.Input
            ref={input}
            value={typed}
            onValueChange={setTyped}
            aria-label={heading}
            placeholder={opened.site.from === null && opened.site.replaces === null ? t.searchPlaceholder : heading}
          />
        </div>
        {/* The field keeps the focus while an item is pressed. */}
        <Command.List className={styles['list'] ?? ''} label={t.found} onMouseDown={(event) => event.preventDefault()}>
          {chain === null ? null : (
            <ChainItem chain={chain} onSelect={() => choose(() => buildChain(session, chain, opened.site))} />
          )}
          {layers.map((offer) => (
            <OfferItem
              key={`${offer.choice.definition.kind} ${JSON.stringify(offer.choice.params)}`}
              offer={offer}
              onSelect={() => choose(() => buildChoice(session, offer.choice, opened.site))}
            />
          ))}
        </Command.List>
        {mistake === null ? null : <Mistake diagnostic={mistake} typed={typed} />}
      </Command>
    </div>
  );
}

/** The search on the canvas: for a layer by any of its names, or a sketch of several. */
export function QuickInsert() {
  const opened = useQuickInsert();
  return opened && <Box key={`${opened.point.x} ${opened.point.y}`} opened={opened} />;
}
