import { useMemo, useState } from 'react';
import { nodesOfRole } from '../../../../shared/learn/exhibits/exhibit';
import { featureMapsQuestion } from '../../../../shared/learn/exhibits/featureMaps';
import { planeCount, planeOf } from '../../../../shared/ops/featureMaps';
import type { HostTensor } from '../../../../shared/ops/tensor';
import { fill, useText } from '../../../i18n';
import { folded, reachOf } from '../../../maps/colours';
import { questionOf } from '../../../maps/inspected';
import { PlaneView } from '../../../maps/PlaneView';
import { samplesOf, useSample } from '../../../maps/sample';
import { SamplePicker } from '../../../maps/SamplePicker';
import { ScoreBars } from '../../../maps/ScoreBars';
import { useInspection } from '../../../maps/useInspection';
import { Failures } from '../../../ui';
import { QuestionCard } from '../QuestionCard';
import { inputShapeOf } from '../shapes';
import type { ExhibitViewProps } from '../view';
import styles from '../exhibits.module.css';

/** As many maps as are drawn of one node. */
const mostMaps = 64;

/** A drawn digit at every node of the network. */
export function FeatureMapsView({ exhibit, network }: ExhibitViewProps) {
  const { t } = useText('learn');
  const [sample, changeSample] = useSample();
  const [chosen, setChosen] = useState<string | null>(null);
  const samples = samplesOf(sample, network.spec);
  const looked = useInspection(samples === null ? null : questionOf(network, { samples, weights: [] }));
  const found = looked.value;
  const [firstConv = ''] = useMemo(() => nodesOfRole(network.analysis, 'convolution'), [network.analysis]);
  const id = chosen ?? firstConv;
  const tensor = found?.nodes[id];
  const asked = found?.nodes[firstConv];
  return (
    <>
      <Failures diagnostics={looked.diagnostics} />
      <div className={styles['strip']} role="group" aria-label={t.node}>
        {Object.entries(found?.nodes ?? {}).map(([name, one]) => (
          <button
            key={name}
            type="button"
            className={styles['station']}
            aria-pressed={name === id}
            onClick={() => setChosen(name)}
          >
            <PlaneView planes={[folded(planeOf(one, 0, 0))]} label={fill(t.atNode, { node: name })} />
            {name}
          </button>
        ))}
      </div>
      <div className={styles['columns']}>
        <SamplePicker
          network={network}
          sample={sample}
          onChange={changeSample}
          found={found}
          shape={inputShapeOf(network.analysis)}
        />
        {tensor === undefined || found === null ? null : (
          <div className={styles['column']} style={{ gridColumn: 'span 2' }}>
            <h3>{fill(t.atNode, { node: id })}</h3>
            {tensor.shape.length === 4 ? (
              <Maps tensor={tensor} />
            ) : (
              <ScoreBars tensor={tensor} names={tensor.shape[1] === found.classes.length ? found.classes : []} />
            )}
          </div>
        )}
      </div>
      {asked === undefined || asked.shape.length !== 4 ? null : (
        <QuestionCard exhibit={exhibit} question={featureMapsQuestion(firstConv, asked)} />
      )}
    </>
  );
}

function Maps({ tensor }: { readonly tensor: HostTensor }) {
  const { t } = useText('maps');
  const planes = useMemo(
    () => Array.from({ length: Math.min(mostMaps, planeCount(tensor)) }, (_, channel) => planeOf(tensor, 0, channel)),
    [tensor],
  );
  const reach = useMemo(() => reachOf(tensor.data), [tensor]);
  return (
    <div className={styles['maps']} tabIndex={0} role="group" aria-label={t.values}>
      {planes.map((plane, channel) => (
        <span key={channel} className={styles['map']}>
          <PlaneView
            planes={[plane]}
            reach={reach}
            label={fill(t.valuesOf, { index: channel + 1, count: planeCount(tensor) })}
          />
          <span className="figures" aria-hidden="true">
            {channel + 1}
          </span>
        </span>
      ))}
    </div>
  );
}
