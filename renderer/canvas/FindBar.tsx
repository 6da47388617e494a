import { ChevronDown, ChevronUp, ListChecks, X } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { useEffect, useRef } from 'react';
import { fill, useText } from '../i18n';
import { useSession } from '../session';
import { IconButton } from '../ui/IconButton';
import { TextInput } from '../ui/TextInput';
import styles from './FindBar.module.css';
import { closeFind, searchFor, selectMatches, stepMatch, useFinding } from './find';

/** Where the match that is shown stands among all, in words. */
function useCount(): string {
  const { t } = useText('moving');
  const { query, matches, current } = useFinding((state) => state);
  if (query.trim() === '') return '';
  if (matches.size === 0) return t.noMatch;
  return fill(t.matchOf, { at: [...matches].indexOf(current ?? '') + 1, count: matches.size });
}

function Bar() {
  const { t } = useText('moving');
  const session = useSession();
  const query = useFinding((state) => state.query);
  const count = useCount();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.select(), []);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.nativeEvent.isComposing) return;
    const isFindAgain = (event.ctrlKey || event.metaKey) && event.code === 'KeyF';
    if (event.key === 'Escape') closeFind(session);
    else if (isFindAgain) input.current?.select();
    else if (event.key === 'Enter' && event.target === input.current) stepMatch(session, event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div role="search" aria-label={t.find} className={styles['bar']} onKeyDown={onKeyDown}>
      <TextInput
        ref={input}
        type="search"
        size="sm"
        value={query}
        aria-label={t.find}
        placeholder={t.findHint}
        autoFocus
        onChange={(event) => searchFor(session, event.target.value)}
      />
      <span role="status" className={`${styles['count'] ?? ''} figures`}>
        {count}
      </span>
      <IconButton
        size="sm"
        label={t.previousMatch}
        keys="Shift+Enter"
        icon={<ChevronUp size={15} />}
        onClick={() => stepMatch(session, -1)}
      />
      <IconButton
        size="sm"
        label={t.nextMatch}
        keys="Enter"
        icon={<ChevronDown size={15} />}
        onClick={() => stepMatch(session, 1)}
      />
      <IconButton
        size="sm"
        label={t.selectMatches}
        icon={<ListChecks size={15} />}
        onClick={() => selectMatches(session)}
      />
      <IconButton
        size="sm"
        label={t.closeFind}
        keys="Escape"
        icon={<X size={15} />}
        onClick={() => closeFind(session)}
      />
    </div>
  );
}

/** Looks through the nodes of the network, over the canvas: Ctrl+F. */
export function FindBar() {
  return useFinding((state) => state.isOpen) ? <Bar /> : null;
}
