import { findNode } from '../../shared/analysis/blocks';
import { Trash2 } from 'lucide-react';
import type { NodeAnalysis } from '../../shared/analysis/types';
import { foldConvs } from '../../shared/transforms/foldConvs';
import { text } from '../../shared/text';
import { fill, useText } from '../i18n';
import { useProject, useSession } from '../session';
import { Button, FigureList, formatCount, formatShort } from '../ui';
import { formatBytes } from '../ui/units';
import { SharedParams } from './SharedParams';
import styles from './Inspector.module.css';

function sum(nodes: readonly NodeAnalysis[], pick: (node: NodeAnalysis) => number | null): number {
  return nodes.reduce((total, node) => total + (pick(node) ?? 0), 0);
}

/** What several selected nodes come to, and what can be done with them together. */
export function SelectionSummary({ ids }: { readonly ids: readonly string[] }) {
  const session = useSession();
  const { t, pick } = useText('inspector');
  const document = useProject((state) => state.document);
  const analysis = useProject((state) => state.analysis);
  const nodes = ids.flatMap((id) => findNode(analysis, id) ?? []);
  const first = analysis.order.find((id) => ids.includes(id));
  const folded = ids.length === 2 && first !== undefined ? foldConvs(document, analysis, first) : null;
  const remove = (heal: boolean): void => {
    session.project.edit(text(`Delete ${ids.length} layers`, `删除 ${ids.length} 层`), [
      { type: 'removeNodes', ids, heal },
    ]);
  };
  const rows: readonly (readonly [string, string])[] = [
    [t.allParameters, formatCount(sum(nodes, (node) => node.paramCount))],
    [t.macs, formatShort(sum(nodes, (node) => node.macs))],
    [t.memory, formatBytes(sum(nodes, (node) => node.activationBytes))],
  ];
  return (
    <>
      <header className={styles['header']}>
        <h2 className={styles['title']}>{fill(t.selected, { count: ids.length })}</h2>
      </header>
      <FigureList rows={rows} />
      <SharedParams ids={ids} />
      <div className={styles['actions']}>
        {folded?.ok === true ? (
          <Button onClick={() => session.project.edit(folded.value.title, folded.value.edits)}>
            {pick(folded.value.title)}
          </Button>
        ) : null}
        <Button onClick={() => remove(true)}>{t.deleteHeal}</Button>
        <Button variant="danger" icon={<Trash2 size={14} aria-hidden />} onClick={() => remove(false)}>
          {t.delete}
        </Button>
      </div>
    </>
  );
}
