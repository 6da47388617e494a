import { solveOutputPadding } from '../../shared/analysis/outputPadding';
import type { NodeAnalysis } from '../../shared/analysis/types';
import { text } from '../../shared/text';
import { fill, useText } from '../i18n';
import { useSession } from '../session';
import { Button, formatShape } from '../ui';
import styles from './Teaching.module.css';

/** More choices than this stand in a range; the ends and the one in use are what people want. */
const mostChoices = 6;

type Choice = { readonly size: readonly [number, number]; readonly padding: readonly [number, number] };

/** Sizes that an up-conv can give by outputPadding alone, the same on both axes. Empty where there is no choice. */
export function reachableSizes(node: NodeAnalysis): readonly Choice[] {
  const [height, width] = node.outputShape ?? [];
  const extra = node.params?.['outputPadding'];
  if (typeof height !== 'number' || typeof width !== 'number' || !Array.isArray(extra)) return [];
  const [rows = 0, columns = 0] = extra.map(Number);
  const choices: Choice[] = [];
  for (let more = 0; ; more++) {
    const size = [height - rows + more, width - columns + more] as const;
    const padding = solveOutputPadding(node, size);
    if (padding === null) return choices;
    choices.push({ size, padding });
  }
}

/** The sizes that the way back may have, each at one click. */
export function WantedSize({ node }: { readonly node: NodeAnalysis }) {
  const session = useSession();
  const { t } = useText('inspector');
  const choices = reachableSizes(node);
  const [first] = choices;
  const last = choices.at(-1);
  if (first === undefined || last === undefined || choices.length < 2) return null;
  const shown = choices.length > mostChoices ? [...choices.slice(0, mostChoices - 1), last] : choices;
  const isNow = ({ size }: Choice): boolean => size[0] === node.outputShape?.[0] && size[1] === node.outputShape[1];
  const give = ({ size, padding }: Choice): void => {
    session.project.edit(text(`Give ${node.id} ${formatShape(size)}`, `让 ${node.id} 得到 ${formatShape(size)}`), [
      {
        type: 'setParams',
        id: node.id,
        params: { outputPadding: padding[0] === padding[1] ? padding[0] : [...padding] },
      },
    ]);
  };
  return (
    <section className={styles['section']} aria-label={t.wantedSize}>
      <h3>{t.wantedSize}</h3>
      <p className={styles['muted']}>
        {t.wantedHint}{' '}
        {choices.length > mostChoices
          ? fill(t.cannotGive, { min: formatShape(first.size), max: formatShape(last.size) })
          : null}
      </p>
      <div className={styles['buttons']}>
        {shown.map((choice) => (
          <Button
            key={choice.size.join('×')}
            size="sm"
            disabled={isNow(choice)}
            // Begins with what is to be seen.
            aria-label={`${formatShape(choice.size)}: ${fill(t.givesSize, { size: formatShape(choice.size), padding: choice.padding[0] })}`}
            onClick={() => give(choice)}
          >
            {formatShape(choice.size)}
          </Button>
        ))}
      </div>
    </section>
  );
}
