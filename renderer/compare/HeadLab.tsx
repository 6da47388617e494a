import { X } from 'lucide-react';
import { formatSeconds } from '../../shared/exports/tables/heads';
import type { HeadKind } from '../../shared/transforms/findHead';
import { fill, useText } from '../i18n';
import { useProject, useSession } from '../session';
import { openDialog } from '../store';
import { Button, EmptyState, Failures, formatCount, formatShort, IconButton } from '../ui';
import { formatBytes, formatDifference, formatShare } from '../ui/units';
import { removeOwnHead, useHeadRace } from './headRace';
import type { HeadColumn, HeadLabView } from './useHeadLab';
import styles from './ComparePanel.module.css';

/** The same trunk under every head, side by side. */
export function HeadLab({ lab }: { readonly lab: HeadLabView }) {
  const { t, pick } = useText('compare');
  const isEmpty = useProject((state) => state.document.nodes.length === 0);
  const { trouble } = useHeadRace();
  if (isEmpty) {
    return (
      <EmptyState title={t.emptyTitle}>
        <Button onClick={() => openDialog('templates')}>{t.openTemplate}</Button>
      </EmptyState>
    );
  }
  const { problem, report, columns, refused } = lab;
  if (problem !== null) {
    return <EmptyState title={pick(problem.summary)} hint={problem.why === undefined ? '' : pick(problem.why)} />;
  }
  const largest = Math.max(...columns.map(({ figures }) => figures.trainableParams), 1);
  return (
    <section className={styles['panel']} aria-label={t.heads}>
      {report === null ? null : <p className={styles['note']}>{pick(report.note)}</p>}
      <Failures diagnostics={trouble} />
      <table className={styles['heads']} aria-label={t.heads}>
        <thead>
          <tr>
            <th scope="col">{t.head}</th>
            <th scope="col">{t.parametersUnit}</th>
            <th scope="col">{t.headShare}</th>
            <th scope="col">{t.inputSize}</th>
            <th scope="col">{t.macs}</th>
            <th scope="col">{t.trainingMemory}</th>
            <th scope="col">{t.weights}</th>
            <th scope="col">{t.step}</th>
            <th scope="col">{t.accuracy}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {columns.map((column) => (
            <HeadRow key={column.head.id} column={column} largest={largest} />
          ))}
          {refused.map((head) => (
            <RefusedRow key={head.id} head={head} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

const headColors: Readonly<Record<HeadKind, string>> = {
  fc: 'var(--family-fc)',
  conv: 'var(--family-conv)',
  gap: 'var(--family-gap)',
  convGap: 'var(--family-upconv)',
};

/** Takes a head of one's own away; nothing for those that are built in. */
function RemoveOwn({ id, name }: { readonly id: string; readonly name: string }) {
  const { t } = useText('compare');
  const session = useSession();
  const { own } = useHeadRace();
  if (!own.some((one) => `own:${one.name}` === id)) return null;
  return (
    <IconButton
      size="sm"
      label={fill(t.removeHead, { head: name })}
      icon={<X size={14} aria-hidden />}
      onClick={() => removeOwnHead(session, name)}
    />
  );
}

function RefusedRow({ head: { id, label, diagnostics } }: { readonly head: HeadLabView['refused'][number] }) {
  const { pick } = useText('compare');
  const [first] = diagnostics;
  return (
    <tr aria-label={pick(label)} data-refused>
      <th scope="row">{pick(label)}</th>
      <td colSpan={8}>
        {first === undefined ? null : pick(first.summary)} {first?.why === undefined ? null : pick(first.why)}
      </td>
      <td>
        <RemoveOwn id={id} name={label.en} />
      </td>
    </tr>
  );
}

function HeadRow({ column, largest }: { readonly column: HeadColumn; readonly largest: number }) {
  const session = useSession();
  const { t, pick } = useText('compare');
  const current = useProject((state) => state.analysis.totals);
  const { head, figures } = column;
  const { trainableParams, score, secondsPerStep, trainingBytes } = figures;
  const own = figures.head.trainableParams;
  const width = (params: number): string => `${(100 * params) / largest}%`;
  const name = pick(figures.label);
  const about = head.kind === null ? t.aboutOwn : t[`about_${head.kind}`];
  return (
    <tr aria-label={name} data-current={head.state === 'current' ? true : undefined}>
      <th scope="row" title={about}>
        {name}
      </th>
      <td>
        <span className={styles['params']}>
          <span
            className={styles['bar']}
            role="img"
            aria-label={fill(t.barLabel, { trunk: formatCount(trainableParams - own), head: formatCount(own) })}
          >
            <i style={{ width: width(trainableParams - own), background: 'var(--line-strong)' }} />
            <i
              style={{
                width: width(own),
                background: head.kind === null ? 'var(--family-shape)' : headColors[head.kind],
              }}
            />
          </span>
          <strong className="figures">{formatCount(trainableParams)}</strong>
          {head.state === 'current' ? null : (
            <span className="figures"> {formatDifference(trainableParams - current.trainableParams)}</span>
          )}
        </span>
      </td>
      <td className="figures">
        {formatCount(own)} <span className={styles['muted']}>{formatShare(own, trainableParams)}</span>
      </td>
      <td>{pick(figures.inputSizes)}</td>
      <td className="figures">{formatShort(figures.macs)}</td>
      <td className="figures">{trainingBytes === null ? '–' : formatBytes(trainingBytes)}</td>
      <td className="figures">{formatBytes(figures.fileBytes)}</td>
      <td className="figures">{secondsPerStep === null ? '–' : formatSeconds(secondsPerStep)}</td>
      <td className="figures">{score === null ? '–' : `${(100 * score).toFixed(1)} %`}</td>
      <td>
        <span className={styles['cardTools']}>
          {head.state === 'plan' ? (
            <Button size="sm" onClick={() => session.project.edit(head.plan.title, head.plan.edits)}>
              {head.kind === null ? t.switchOwn : t[`switch_${head.kind}`]}
            </Button>
          ) : (
            <span className={styles['now']}>{t.now}</span>
          )}
          <RemoveOwn id={head.id} name={figures.label.en} />
        </span>
      </td>
    </tr>
  );
}
