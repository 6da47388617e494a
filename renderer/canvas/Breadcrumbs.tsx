import { ChevronRight } from 'lucide-react';
import { copiesInNetwork } from '../../shared/analysis/inside';
import { fill, useText } from '../i18n';
import { useLevels, useProject, useSession } from '../session';
import styles from './Breadcrumbs.module.css';
import { showLevel } from './blocks';

/** The way to what is on the canvas: the network, and the blocks that were gone into. Nothing in the network itself. */
export function Breadcrumbs() {
  const { t } = useText('blocks');
  const session = useSession();
  const levels = useLevels();
  const document = useProject((state) => state.document);
  const here = levels.at(-1);
  if (here?.block == null) return null;
  const copies = copiesInNetwork(levels[0]?.document ?? document, here.block);
  return (
    <nav className={styles['way']} aria-label={t.way}>
      <ol>
        {levels.map(({ block, path }, at) => {
          const copy = path.at(-1)?.copy ?? 1;
          const name = block ?? (document.name === '' ? t.network : document.name);
          return (
            <li key={at}>
              {at === 0 ? null : <ChevronRight size={14} aria-hidden />}
              <button
                type="button"
                aria-current={at === levels.length - 1 ? 'page' : undefined}
                onClick={() => (at === levels.length - 1 ? undefined : showLevel(session, path))}
              >
                {name}
                {copy > 1 ? <small> {fill(t.copyOf, { copy })}</small> : null}
              </button>
            </li>
          );
        })}
      </ol>
      <span className={styles['uses']}>{copies === 1 ? t.oneCopy : fill(t.copies, { count: copies })}</span>
    </nav>
  );
}
