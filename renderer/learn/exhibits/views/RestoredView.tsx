import { useMemo, useState } from 'react';
import {
  enlargementOf,
  errorOf,
  mostDifferent,
  resizingNetwork,
  restoredQuestion,
  seenFor,
} from '../../../../shared/learn/exhibits/restored';
import type { Enlargement } from '../../../../shared/learn/exhibits/restored';
import { planeOf } from '../../../../shared/ops/featureMaps';
import type { Plane } from '../../../../shared/ops/featureMaps';
import { psnrOf } from '../../../../shared/training/psnr';
import { fill, useText } from '../../../i18n';
import { questionOf } from '../../../maps/inspected';
import { PlaneView } from '../../../maps/PlaneView';
import type { Cell } from '../../../maps/PlaneView';
import { useSample } from '../../../maps/sample';
import { SamplePicker } from '../../../maps/SamplePicker';
import { useInspection } from '../../../maps/useInspection';
import { Failures, IndexField } from '../../../ui';
import { figure, shortNumber } from '../NumberGrid';
import { QuestionCard } from '../QuestionCard';
import type { ExhibitViewProps } from '../view';
import styles from '../exhibits.module.css';

/** A small picture made large again: by resizing, by the network, and as it was. */
export function RestoredView(props: ExhibitViewProps) {
  const enlargement = useMemo(() => enlargementOf(props.network.analysis), [props.network.analysis]);
  return enlargement === null ? null : <Enlarged {...props} enlargement={enlargement} />;
}

type EnlargedProps = ExhibitViewProps & { readonly enlargement: Enlargement };

/** The picture of the data, what plain resizing and the network make of it, and what is right. */
function usePictures({ network, enlargement }: EnlargedProps) {
  const { analysis, spec } = network;
  const [sample] = useSample();
  const [input = '', output = ''] = [analysis.inputs[0], analysis.outputs[0]];
  const samples = { from: 'data', spec, part: sample.part, indices: [sample.index] } as const;
  const looked = useInspection(questionOf(network, { samples, nodes: [input, output], weights: [] }));
  const small = looked.value?.nodes[input];
  const resizing = useMemo(() => resizingNetwork(enlargement), [enlargement]);
  const resized = useInspection(
    small === undefined
      ? null
      : questionOf(
          { document: resizing, model: null, seed: 1 },
          { samples: { from: 'values', values: Float32Array.from(small.data) }, nodes: ['resized'], weights: [] },
        ),
  );
  const [plain, answer] = [resized.value?.nodes['resized'], looked.value?.nodes[output]];
  const labels = looked.value?.labels;
  const planes = useMemo(() => {
    if (plain === undefined || answer === undefined || labels?.length !== answer.data.length) return null;
    const { height, width } = planeOf(answer, 0, 0);
    return {
      plain: planeOf(plain, 0, 0),
      answer: planeOf(answer, 0, 0),
      right: { height, width, values: Float32Array.from(labels) },
    };
  }, [plain, answer, labels]);
  return { looked, planes, diagnostics: [...looked.diagnostics, ...resized.diagnostics] };
}

function Enlarged(props: EnlargedProps) {
  const { network } = props;
  const [sample, changeSample] = useSample();
  const { looked, planes, diagnostics } = usePictures(props);
  return (
    <>
      <Failures diagnostics={diagnostics} />
      <div className={styles['columns']}>
        <SamplePicker
          network={network}
          sample={{ ...sample, source: 'data' }}
          onChange={changeSample}
          found={looked.value}
          shape={null}
        />
        {planes === null ? null : <Planes {...props} {...planes} />}
      </div>
    </>
  );
}

type PlanesProps = EnlargedProps & { readonly plain: Plane; readonly answer: Plane; readonly right: Plane };

function Planes({ exhibit, network, enlargement, plain, answer, right }: PlanesProps) {
  const { t } = useText('exhibits');
  const { t: common } = useText('learn');
  const [chosen, setChosen] = useState<Cell | null>(null);
  const { height, width } = right;
  const start = useMemo(() => mostDifferent(plain.values, right.values), [plain, right]);
  const { row, column } = chosen ?? { row: Math.floor(start / width), column: start % width };
  const [resizedError, networkError] = [errorOf(plain.values, right.values), errorOf(answer.values, right.values)];
  const seen = seenFor(network.analysis, enlargement, row, column);
  const psnr = psnrOf(resizedError).toFixed(1);
  const shown = [
    { title: t.resized, plane: plain, said: fill(t.errorAndPsnr, { error: figure(resizedError, 3), psnr }) },
    { title: t.networkPicture, plane: answer, said: fill(t.errorAlone, { error: figure(networkError, 3) }) },
    { title: t.truth, plane: right, said: '' },
  ];
  return (
    <>
      {shown.map(({ title, plane, said }) => (
        <div key={title} className={styles['column']}>
          <h3>{title}</h3>
          <PlaneView planes={[plane]} reach={1} label={title} className={styles['large'] ?? ''} onPick={setChosen}>
            {plane !== plain || seen === null ? null : (
              <rect className={styles['mark']} y={seen[0]} x={seen[1]} height={seen[2]} width={seen[3]} />
            )}
            <rect className={styles['mark']} y={row} x={column} height={1} width={1} />
          </PlaneView>
          <p className="figures">
            {fill(t.valueHere, { value: shortNumber(plane.values[row * width + column] ?? 0) })}
          </p>
          {said === '' ? null : <p role="status">{said}</p>}
        </div>
      ))}
      <div className={`${styles['wide'] ?? ''} ${styles['controls'] ?? ''}`}>
        <IndexField
          label={common.row}
          value={row}
          count={height}
          onChange={(value) => setChosen({ row: value, column })}
        />
        <IndexField
          label={common.column}
          value={column}
          count={width}
          onChange={(value) => setChosen({ row, column: value })}
        />
      </div>
      <div className={styles['wide']}>
        <QuestionCard exhibit={exhibit} question={restoredQuestion(resizedError, networkError)} />
      </div>
    </>
  );
}
