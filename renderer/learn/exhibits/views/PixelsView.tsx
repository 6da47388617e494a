import { useMemo, useState } from 'react';
import { nodesOfRole } from '../../../../shared/learn/exhibits/exhibit';
import {
  pictureCount,
  pixelOrder,
  pixelsQuestion,
  reordered,
  reorderedKernel,
  rightOf,
  rival,
  shifted,
} from '../../../../shared/learn/exhibits/pixels';
import { planeOf } from '../../../../shared/ops/featureMaps';
import type { HostTensor } from '../../../../shared/ops/tensor';
import { isRunActive } from '../../../../shared/training/runState';
import { fill, useText } from '../../../i18n';
import { questionOf } from '../../../maps/inspected';
import { PlaneView } from '../../../maps/PlaneView';
import { useInspection } from '../../../maps/useInspection';
import { Button, Failures, NumberField } from '../../../ui';
import type { ExhibitNetwork } from '../network';
import { useTemplateNetwork } from '../network';
import { trainingWords } from '../NetworkBar';
import { QuestionCard } from '../QuestionCard';
import type { ExhibitViewProps } from '../view';
import styles from '../exhibits.module.css';

const indices = Array.from({ length: pictureCount }, (_, at) => at);
/** How far the pictures can be moved, in pixels. */
const farthest = 8;

/** The pictures are shifted and shuffled, for a CNN and for a network of FC layers. */
export function PixelsView(props: ExhibitViewProps) {
  const { t } = useText('learn');
  const fc = useTemplateNetwork(rival.template);
  if (fc === null) return <p className={styles['muted']}>{t.computing}</p>;
  return <Rivals {...props} fc={fc} />;
}

/** What is done to the pictures, and to the FC network. */
type Change = {
  readonly down: number;
  readonly right: number;
  readonly isShuffled: boolean;
  readonly isMended: boolean;
};

function useChanged(input: HostTensor | undefined, { down, right, isShuffled }: Change) {
  return useMemo(() => {
    if (input === undefined) return null;
    const moved = shifted(input, down, right);
    const order = pixelOrder(moved.length / Math.max(1, input.shape[0] ?? 1), 1);
    return { values: isShuffled ? reordered(moved, order) : moved, order };
  }, [input, down, right, isShuffled]);
}

function Rivals({ exhibit, network, fc }: ExhibitViewProps & { readonly fc: ExhibitNetwork }) {
  const { t } = useText('exhibits');
  const [change, setChange] = useState<Change>({ down: 0, right: 0, isShuffled: false, isMended: false });
  const samples = { from: 'data', spec: fc.spec, part: 'validation', indices } as const;
  const kernel = `${rival.layer}/kernel`;
  const plain = useInspection(
    questionOf(fc, { samples, nodes: [...fc.analysis.inputs, rival.output], weights: [kernel] }),
  );
  const input = plain.value?.nodes[fc.analysis.inputs[0] ?? ''];
  const labels = plain.value?.labels ?? [];
  const changed = useChanged(input, change);
  const learned = plain.value?.weights[kernel];
  const put = useMemo(
    () =>
      learned === undefined || changed === null || !change.isMended || !change.isShuffled
        ? {}
        : { [kernel]: reorderedKernel(learned, changed.order) },
    [learned, changed, change, kernel],
  );
  const values = changed === null ? null : ({ from: 'values', values: changed.values } as const);
  const [conv = ''] = nodesOfRole(network.analysis, 'convolution');
  const [cnnOutput = ''] = network.analysis.outputs;
  const cnn = useInspection(questionOf(network, { samples, nodes: [cnnOutput], weights: [] }));
  const cnnNow = useInspection(
    values === null ? null : questionOf(network, { samples: values, nodes: [conv, cnnOutput], weights: [] }),
  );
  const fcNow = useInspection(
    values === null ? null : questionOf(fc, { samples: values, nodes: [rival.output], weights: [], put }),
  );
  const count = (scores: HostTensor | undefined): number | null =>
    scores === undefined || labels.length === 0 ? null : rightOf(scores, labels);
  const rows = [
    {
      name: fill(t.cnn, { name: network.document.name }),
      before: count(cnn.value?.nodes[cnnOutput]),
      after: count(cnnNow.value?.nodes[cnnOutput]),
    },
    {
      name: fill(t.fcNetwork, { name: fc.document.name }),
      before: count(plain.value?.nodes[rival.output]),
      after: count(fcNow.value?.nodes[rival.output]),
    },
  ];
  const right = rows[1]?.before ?? null;
  return (
    <>
      <Controls change={change} onChange={setChange} fc={fc} />
      <Failures diagnostics={[...plain.diagnostics, ...cnn.diagnostics, ...cnnNow.diagnostics, ...fcNow.diagnostics]} />
      <div className={styles['columns']}>
        <Shown values={changed?.values} shape={input?.shape} maps={cnnNow.value?.nodes[conv]} conv={conv} />
        <table className={styles['sizes']}>
          <thead>
            <tr>
              <th scope="col">{t.whichNetwork}</th>
              <th scope="col">{t.before}</th>
              <th scope="col">{t.after}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, before, after }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className="figures">{before === null ? '…' : fill(t.rightCount, { count: before })}</td>
                <td className="figures">{after === null ? '…' : fill(t.rightCount, { count: after })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {right === null ? null : <QuestionCard exhibit={exhibit} question={pixelsQuestion(right)} />}
    </>
  );
}

type ControlsProps = {
  readonly change: Change;
  readonly onChange: (change: Change) => void;
  readonly fc: ExhibitNetwork;
};

function Controls({ change, onChange, fc }: ControlsProps) {
  const { t } = useText('exhibits');
  const { t: common } = useText('learn');
  const isActive = isRunActive(fc.run);
  const words = trainingWords(fc.run, common);
  return (
    <div className={styles['controls']}>
      {(['down', 'right'] as const).map((way) => (
        <NumberField
          key={way}
          label={t[way]}
          value={change[way]}
          min={-farthest}
          max={farthest}
          isInteger
          onChange={(value) => onChange({ ...change, [way]: value })}
        />
      ))}
      <Button
        size="sm"
        aria-pressed={change.isShuffled}
        onClick={() => onChange({ ...change, isShuffled: !change.isShuffled })}
      >
        {t.shuffle}
      </Button>
      <Button
        size="sm"
        disabled={!change.isShuffled}
        aria-pressed={change.isMended}
        onClick={() => onChange({ ...change, isMended: !change.isMended })}
      >
        {t.mend}
      </Button>
      {isActive ? <span role="status">{words}</span> : null}
      {fc.model === null && !isActive ? (
        <Button size="sm" title={common.trainHint} onClick={fc.train}>
          {t.trainRival}
        </Button>
      ) : null}
    </div>
  );
}

type ShownProps = {
  readonly values: Float32Array | undefined;
  readonly shape: readonly number[] | undefined;
  readonly maps: HostTensor | undefined;
  readonly conv: string;
};

/** The first picture as it goes in, and the first map that the conv makes of it: it moves along, or falls apart. */
function Shown({ values, shape, maps, conv }: ShownProps) {
  const { t } = useText('exhibits');
  const picture = useMemo(
    () =>
      values === undefined || shape === undefined ? null : planeOf({ dtype: 'float32', shape, data: values }, 0, 0),
    [values, shape],
  );
  const map = useMemo(() => (maps === undefined ? null : planeOf(maps, 0, 0)), [maps]);
  const shown = [
    [fill(t.shownPicture, { count: pictureCount }), picture],
    [fill(t.convMap, { node: conv }), map],
  ] as const;
  return (
    <>
      {shown.map(([label, plane]) =>
        plane === null ? null : (
          <div key={label} className={styles['column']}>
            <h3>{label}</h3>
            <PlaneView planes={[plane]} label={label} className={styles['large'] ?? ''} />
          </div>
        ),
      )}
    </>
  );
}
