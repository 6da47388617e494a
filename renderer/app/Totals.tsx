import { trainableWords } from '../canvas/speech';
import { useText } from '../i18n';
import { fill } from '../i18n/language';
import { useProject } from '../session';
import { Tooltip } from '../ui/Tooltip';
import { formatCount, formatShort } from '../ui/numbers';
import styles from './Totals.module.css';

/** What the network costs, live. */
export function Totals() {
  const { t, language } = useText('app');
  const totals = useProject((state) => state.analysis.totals);
  const isPartial = useProject((state) =>
    [...state.analysis.nodes.values()].some(({ paramCount, macs }) => paramCount === null || macs === null),
  );
  const isEmpty = useProject((state) => state.document.nodes.length === 0);
  if (isEmpty) return <span />;
  const sums = fill(t.totalsHelp, {
    params: formatCount(totals.params),
    trainable: formatCount(totals.trainableParams),
    macs: formatCount(totals.macs),
  });
  const unknown = fill(totals.unknown === 1 ? t.unknownLayer : t.unknownLayers, { count: formatCount(totals.unknown) });
  const partly = totals.unknown === 0 ? t.totalsPartial : `${t.totalsPartial} ${unknown}`;
  const help = isPartial ? `${sums} ${partly}` : sums;
  // The name begins with what is to be seen, so that a voice can ask for it.
  const trainable = totals.params === 0 ? '' : trainableWords(totals.params, totals.trainableParams, language);
  const seen = [trainable, totals.unknown === 0 ? '' : unknown].filter((words) => words !== '').join(t.comma);
  const all = `${t.parameters}${seen === '' ? '' : t.comma}`;
  const said = `${formatCount(totals.params)} ${all}${seen} ${formatShort(totals.macs)} ${t.macs}`;
  return (
    <Tooltip text={help}>
      <button type="button" className={styles['totals']} aria-label={`${t.totals}: ${said}. ${help}`}>
        <span className={styles['params']}>
          <span>
            <strong className="figures">{formatCount(totals.params)}</strong> {all}
          </span>
          <span>{seen}</span>
        </span>{' '}
        <span>
          <strong className="figures">{formatShort(totals.macs)}</strong> {t.macs}
        </span>
      </button>
    </Tooltip>
  );
}
