import { useMemo } from 'react';
import { findNode } from '../../shared/analysis/blocks';
import { sharingGroup, weightGivers } from '../../shared/analysis/sharedWeights';
import type { NetworkNode } from '../../shared/schema/document';
import { editLabel, titleById } from '../canvas/speech';
import { fill, useText } from '../i18n';
import { useProject, useSession } from '../session';
import { Select } from '../ui';
import styles from './ParamForm.module.css';

/** Stands for a node's own weights among the ids. */
const own = '';

/** Whose weights a layer computes with: its own, or those of another with the same shapes. Nothing where there is no choice. */
export function WeightsOf({ node }: { readonly node: NetworkNode }) {
  const session = useSession();
  const { t, pick } = useText('inspector');
  const document = useProject((state) => state.document);
  const analysis = useProject((state) => state.analysis);
  const givers = useMemo(() => weightGivers(document, analysis, node.id), [document, analysis, node.id]);
  const { id, weightsOf } = node;
  if (givers.length === 0 && weightsOf === undefined) return null;
  const others = sharingGroup(analysis, id).filter((one) => one !== id);
  const nameOf = (one: string): string => {
    const title = pick(titleById(document, analysis, one));
    return title === one ? one : `${one} · ${title}`;
  };
  const ids = weightsOf === undefined || givers.includes(weightsOf) ? givers : [weightsOf, ...givers];
  const isShared = findNode(analysis, id)?.shared !== undefined;
  const set = (next: string): void => {
    const label =
      next === own
        ? editLabel('ownWeightsLabel', { node: titleById(document, analysis, id) })
        : editLabel('weightsOfLabel', {
            node: titleById(document, analysis, id),
            owner: titleById(document, analysis, next),
          });
    session.project.edit(label, [{ type: 'setWeightsOf', id, weightsOf: next === own ? null : next }]);
  };
  return (
    <section className={styles['form']} aria-label={t.weightsOf}>
      <div className={styles['row']} title={t.weightsOfHelp}>
        <span className={styles['label']}>{t.weightsOf}</span>
        <Select
          label={t.weightsOf}
          value={weightsOf ?? own}
          items={[{ value: own, label: t.ownWeights }, ...ids.map((one) => ({ value: one, label: nameOf(one) }))]}
          onChange={set}
        />
        {others.length === 0 || isShared ? null : (
          <p className={styles['none']}>{fill(t.usedBy, { names: others.join(', ') })}</p>
        )}
      </div>
    </section>
  );
}
