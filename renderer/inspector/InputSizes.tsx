import { useMemo } from 'react';
import {
  isValidInputSize,
  nearestInputSizes,
  solveAllInputSizes,
  type InputSizes,
} from '../../shared/analysis/inputSizes';
import { describeInputSizes } from '../../shared/analysis/inputSizesText';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import type { NetworkDocument } from '../../shared/schema/document';
import type { Shape } from '../../shared/layers/define';
import { text } from '../../shared/text';
import { fill, useText } from '../i18n';
import { useProject, useSession } from '../session';
import { Button } from '../ui';
import styles from './Teaching.module.css';
import { useSettled } from './useSettled';

/** Larger networks would keep the window waiting. */
const mostNodes = 3_000;

/** Lengths on both sides of the present one, or the smallest where it is open. Square inputs stay square. */
function neighbours(sizes: readonly [InputSizes, InputSizes], shape: Shape): readonly (readonly [number, number])[] {
  const [height = null, width = null] = shape;
  const [rows, columns] = sizes;
  if (height === null || width === null) {
    const [first] = rows.classes;
    const [second] = columns.classes;
    return first === undefined || second === undefined ? [] : [[height ?? first.min, width ?? second.min]];
  }
  const isFine = isValidInputSize(rows, height) && isValidInputSize(columns, width);
  const step = isFine ? 1 : 0;
  const low = [nearestInputSizes(rows, height - step).below, nearestInputSizes(columns, width - step).below] as const;
  const high = [nearestInputSizes(rows, height + step).above, nearestInputSizes(columns, width + step).above] as const;
  return [low, high].flatMap(([h, w]) =>
    h === null || w === null || (h === height && w === width) ? [] : [[h, w] as const],
  );
}

/** Which sizes of its inputs this network takes, in words, and the nearest at one click. */
export function InputSizesSection({ analysis }: { readonly analysis: NetworkAnalysis }) {
  const document = useProject((state) => state.document);
  const settled = useSettled(document, document.nodes.length);
  const inputs = analysis.inputs.filter((id) => analysis.nodes.get(id)?.outputShape?.length === 3);
  if (settled === null || inputs.length === 0 || document.nodes.length < 2 || document.nodes.length > mostNodes)
    return null;
  return inputs
    .slice(0, 3)
    .map((id) => (
      <OneInput
        key={id}
        id={id}
        isOnly={inputs.length === 1}
        document={settled}
        shape={analysis.nodes.get(id)?.outputShape ?? []}
      />
    ));
}

type OneInputProps = {
  readonly id: string;
  readonly isOnly: boolean;
  readonly document: NetworkDocument;
  readonly shape: Shape;
};

function OneInput({ id, isOnly, document, shape }: OneInputProps) {
  const session = useSession();
  const { t, pick } = useText('inspector');
  const { works, lossless } = useMemo(() => solveAllInputSizes(document, id), [document, id]);
  const words = (sizes: readonly [InputSizes, InputSizes]): string => {
    const [rows, columns] = sizes.map((one) => pick(describeInputSizes(one)));
    if (rows === columns) return rows ?? '';
    return `${fill(t.heightSizes, { sizes: rows ?? '' })}; ${fill(t.widthSizes, { sizes: columns ?? '' })}`;
  };
  // A network that loses rows at any size (an odd kernel over stride 2) has no lossless sizes to offer.
  const best = lossless.some(({ classes }) => classes.length === 0) ? works : lossless;
  const shown = words(best);
  const also = words(works);
  const [height = null, width = null, channels = null] = shape;
  const isKnown = height !== null && width !== null;
  const size = `${height ?? '?'}×${width ?? '?'}`;
  const isOne = isKnown && isValidInputSize(best[0], height) && isValidInputSize(best[1], width);
  const isAny = best.every(({ classes }) => classes.length === 1 && classes[0]?.period === 1);
  const offers = isOne && isAny ? [] : neighbours(best, shape);
  const set = ([rows, columns]: readonly [number, number]): void => {
    session.project.edit(text(`Set input to ${rows}×${columns}`, `将输入设为 ${rows}×${columns}`), [
      { type: 'setParams', id, params: { shape: [rows, columns, channels] } },
    ]);
  };
  return (
    <section className={styles['section']} aria-label={isOnly ? t.inputSizes : fill(t.inputSizesOf, { name: id })}>
      <h3>{isOnly ? t.inputSizes : fill(t.inputSizesOf, { name: id })}</h3>
      <p className={styles['strong']}>{shown}</p>
      <p className={styles['muted']}>
        {best === lossless && !isAny ? `${t.noRowLost} ` : null}
        {isKnown ? fill(isOne ? t.sizeIsOne : t.sizeIsNone, { size }) : null}{' '}
        {also === shown ? null : fill(t.alsoRuns, { sizes: also })}
      </p>
      {offers.length === 0 ? null : (
        <div className={styles['buttons']}>
          {offers.map((pair) => (
            <Button key={pair.join('×')} size="sm" onClick={() => set(pair)}>
              {fill(t.setInput, { size: pair[0] === pair[1] ? pair[0] : pair.join('×') })}
            </Button>
          ))}
        </div>
      )}
    </section>
  );
}
