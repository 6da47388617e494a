import { useText } from '../i18n';
import { fill } from '../i18n/language';
import { useProject } from '../session';
import { Tooltip } from '../ui/Tooltip';
import { formatCount, formatShort } from '../ui/numbers';
import styles from './Totals.module.css';

/** What the network costs, live. */
export function Totals() {
  const { t } = useText('app');
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
  const seen = totals.unknown === 0 ? '' : `${t.comma}${unknown}`;
  const said = `${formatCount(totals.params)} ${t.parameters}${seen} ${formatShort(totals.macs)} ${t.macs}`;
  return (
    <Tooltip text={help}>
      <button type="button" className={styles['totals']} aria-label={`${t.totals}: ${said}. ${help}`}>
        <span>
          <strong className="figures">{formatCount(totals.params)}</strong> {t.parameters}
          {seen}
        </span>{' '}
        <span>
          <strong className="figures">{formatShort(totals.macs)}</strong> {t.macs}
        </span>
      </button>
    </Tooltip>
  );
}
