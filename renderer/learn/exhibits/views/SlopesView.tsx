import { useMemo, useState } from 'react';
import { findLayer } from '../../../../shared/layers';
import {
  layerSlopes,
  shortSlope,
  slopeFunctions,
  slopesQuestion,
  withFunction,
} from '../../../../shared/learn/exhibits/slopes';
import type { LayerSlope, SlopeFunction } from '../../../../shared/learn/exhibits/slopes';
import { text } from '../../../../shared/text';
import type { Text } from '../../../../shared/text';
import { fill, useText } from '../../../i18n';
import { questionOf } from '../../../maps/inspected';
import { useInspection } from '../../../maps/useInspection';
import { Failures, Segments } from '../../../ui';
import { QuestionCard } from '../QuestionCard';
import type { ExhibitViewProps } from '../view';
import styles from '../exhibits.module.css';

const pictures = 32;
const indices = Array.from({ length: pictures }, (_, at) => at);
/** The bars show sizes from a ten-millionth to one, a tenth a mark. */
const decades = 7;

function functionNames(): Readonly<Record<SlopeFunction, Text>> {
  const field = findLayer('activation')?.params['function'];
  const labels = field?.type === 'choice' ? field.labels : undefined;
  const nameOf = (name: SlopeFunction): Text => labels?.[name] ?? text(name, name);
  return { sigmoid: nameOf('sigmoid'), tanh: nameOf('tanh'), relu: nameOf('relu') };
}

function useSlopes(network: ExhibitViewProps['network'], name: SlopeFunction) {
  const document = useMemo(
    () => withFunction(network.document, network.analysis, name),
    [network.document, network.analysis, name],
  );
  const looked = useInspection(
    document === null
      ? null
      : questionOf(
          { document, model: null, seed: network.seed },
          {
            samples: { from: 'data', spec: network.spec, part: 'train', indices },
            nodes: network.analysis.outputs,
            backward: { of: 'loss' },
          },
        ),
  );
  const found = looked.value;
  const slopes = useMemo(
    () => (found === null ? [] : layerSlopes(network.analysis, found.weightGradients)),
    [found, network.analysis],
  );
  return { slopes, loss: found?.target ?? null, diagnostics: looked.diagnostics };
}

/** The gradients of each layer under each activation. */
export function SlopesView({ exhibit, network }: ExhibitViewProps) {
  const { t, language, pick } = useText('exhibits');
  const [shown, setShown] = useState<SlopeFunction>('sigmoid');
  const all = {
    sigmoid: useSlopes(network, 'sigmoid'),
    tanh: useSlopes(network, 'tanh'),
    relu: useSlopes(network, 'relu'),
  };
  const names = useMemo(() => functionNames(), []);
  const { loss } = all[shown];
  const question = slopesQuestion(all.sigmoid.slopes);
  return (
    <>
      <div className={styles['controls']}>
        <span>{t.activation}</span>
        <Segments label={t.activation} value={shown} choice={names} language={language} onChange={setShown} />
        {loss === null ? null : (
          <span role="status">{fill(t.lossAtStart, { count: pictures, loss: loss.toFixed(3) })}</span>
        )}
      </div>
      <Failures diagnostics={slopeFunctions.flatMap((name) => all[name].diagnostics)} />
      <div className={styles['column']} aria-live="polite">
        <h3>{t.meanGradient}</h3>
        {all[shown].slopes.map((slope) => (
          <SlopeRow key={slope.node} slope={slope} name={pick(names[shown])} />
        ))}
      </div>
      {question === null ? null : <QuestionCard exhibit={exhibit} question={question} />}
    </>
  );
}

function SlopeRow({ slope, name }: { readonly slope: LayerSlope; readonly name: string }) {
  const share = slope.mean === 0 ? 0 : Math.max(0, Math.min(1, 1 + Math.log10(slope.mean) / decades));
  return (
    <div className={styles['barRow']}>
      <span>{slope.node}</span>
      <span className={styles['slope']}>
        <span className={styles['bar']} data-marks aria-hidden="true">
          <i style={{ width: `${100 * share}%` }} />
        </span>
        <span className="figures" aria-label={`${name}, ${slope.node}: ${shortSlope(slope.mean)}`}>
          {shortSlope(slope.mean)}
        </span>
      </span>
    </div>
  );
}
