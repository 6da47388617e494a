import { useMemo } from 'react';
import { dialects, readInDialect, type Dialect, type DialectDifference } from '../../shared/analysis/dialects';
import { titleById } from '../canvas/speech';
import { goToNode } from '../canvas/view';
import { fill, useText } from '../i18n';
import { useProject, useSession } from '../session';
import { remember, useUi } from '../store';
import { formatShape } from '../ui';
import styles from './Teaching.module.css';
import { useSettled } from './useSettled';

/** More rows would bury the rest of the inspector. */
const mostRows = 8;

/** The network as another framework would size it: the layers that differ, why, and both sizes. */
export function DialectLens() {
  const { t } = useText('inspector');
  const latest = useProject((state) => state.document);
  const document = useSettled(latest, latest.nodes.length);
  const kept = useUi((state) => state.layout['inspector.dialect']);
  const dialect = dialects.find((name) => name === kept) ?? 'pytorch';
  const differences = useMemo(() => (document === null ? [] : readInDialect(document, dialect)), [document, dialect]);
  if (document === null || document.nodes.length < 2) return null;
  return (
    <section className={styles['section']} aria-label={t.sizedAs}>
      <h3>{t.sizedAs}</h3>
      <div className={styles['segments']} role="group" aria-label={t.sizedAs}>
        {dialects.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={name === dialect}
            onClick={() => remember('inspector.dialect', name)}
          >
            {t[`dialect_${name}`]}
          </button>
        ))}
      </div>
      <Differences differences={differences} dialect={dialect} />
    </section>
  );
}

type DifferencesProps = { readonly differences: readonly DialectDifference[]; readonly dialect: Dialect };

function Differences({ differences, dialect }: DifferencesProps) {
  const { t } = useText('inspector');
  const own = differences.filter(({ inherited }) => !inherited);
  const rest = differences.length - Math.min(own.length, mostRows);
  if (differences.length === 0) {
    return <p className={styles['muted']}>{fill(t.sameInDialect, { name: t[`dialect_${dialect}`] })}</p>;
  }
  return (
    <>
      <ul className={styles['list']}>
        {own.slice(0, mostRows).map((difference) => (
          <Difference key={difference.nodeId} difference={difference} />
        ))}
      </ul>
      {rest === 0 ? null : (
        <p className={styles['muted']}>{rest === 1 ? t.inheritedOne : fill(t.inheritedMany, { count: rest })}</p>
      )}
    </>
  );
}

function Difference({ difference }: { readonly difference: DialectDifference }) {
  const session = useSession();
  const { t, pick } = useText('inspector');
  const { nodeId, ours, theirs, reason } = difference;
  const title = useProject((state) => pick(titleById(state.document, state.analysis, nodeId)));
  const shown = (shape: typeof ours): string => (shape === null ? '–' : formatShape(shape));
  const isSame = shown(ours) === shown(theirs);
  const go = (): void => {
    session.project.select([nodeId]);
    goToNode(session, nodeId);
  };
  return (
    <li>
      <button type="button" className={styles['row']} onClick={go}>
        <span>
          <span>
            {title} <code>{nodeId}</code>
          </span>
        </span>
        <span className="figures">
          {fill(isSame ? t.sameSize : t.hereAndThere, { ours: shown(ours), theirs: shown(theirs) })}
        </span>
        <span className={styles['muted']}>{pick(reason)}</span>
      </button>
    </li>
  );
}
