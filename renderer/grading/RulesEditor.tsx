import { ArrowLeft, Download, ListChecks } from 'lucide-react';
import { useId, useMemo, useState } from 'react';
import { findChapter } from '../../shared/grading/course';
import { proposeChapter, proposeRules, type Proposal } from '../../shared/grading/example';
import { gradeNetwork } from '../../shared/grading/grade';
import type { Rules } from '../../shared/grading/rules';
import { chapters } from '../../shared/learn/lessons';
import { fill, useText } from '../i18n';
import { useProject } from '../session';
import { Button, EmptyState, IconButton, NumberField, Select, TextInput } from '../ui';
import { saveRules } from './saveRules';
import styles from './RulesPanel.module.css';

type Choice = { readonly isOn: boolean; readonly points: number };

/** What is typed as points; null where that is none. */
function readPoints(text: string): number | null {
  const points = Number(text);
  return text.trim() !== '' && points >= 0 && points <= 1000 ? points : null;
}

/** What is demanded of the networks to come, in the words of the checklist. */
function Demand(props: {
  readonly title: string;
  readonly expected: string;
  readonly choice: Choice;
  readonly onChange: (choice: Choice) => void;
}) {
  const { title, expected, choice, onChange } = props;
  const { t } = useText('grading');
  const id = useId();
  const [points, setPoints] = useState(String(choice.points));
  return (
    <li className={styles['demand']}>
      <input
        id={id}
        type="checkbox"
        checked={choice.isOn}
        onChange={(event) => onChange({ ...choice, isOn: event.target.checked })}
      />
      <label htmlFor={id}>
        {title} <span className={styles['expected']}>{expected}</span>
      </label>
      <TextInput
        size="sm"
        isFigure
        inputMode="decimal"
        aria-label={fill(t.pointsFor, { title })}
        disabled={!choice.isOn}
        value={points}
        isInvalid={readPoints(points) === null}
        onChange={(event) => {
          setPoints(event.target.value);
          const read = readPoints(event.target.value);
          if (read !== null) onChange({ ...choice, points: read });
        }}
      />
    </li>
  );
}

function choiceOf(choices: ReadonlyMap<string, Choice>, { id, isUsual }: Proposal): Choice {
  return choices.get(id) ?? { isOn: isUsual, points: 1 };
}

/** Makes a rules file from the network on the canvas: which of its facts are demanded, with how much slack and for how many points. */
export function RulesEditor({
  onUse,
  onClose,
}: {
  readonly onUse: (rules: Rules) => void;
  readonly onClose: () => void;
}) {
  const { t, pick } = useText('grading');
  const network = useProject((state) => state.document);
  const analysis = useProject((state) => state.analysis);
  const [name, setName] = useState('');
  const [slack, setSlack] = useState(10);
  const [choices, setChoices] = useState<ReadonlyMap<string, Choice>>(new Map());
  const ofNetwork = useMemo(() => proposeRules(network, analysis, { percent: slack }), [network, analysis, slack]);
  const [chapterId, setChapter] = useState('');
  const chapter = findChapter(chapterId);
  const proposals = useMemo(
    () => [...(chapter === undefined ? [] : proposeChapter(chapter)), ...ofNetwork],
    [chapter, ofNetwork],
  );
  const grades = useMemo(() => {
    const all = proposals.map(({ rule }) => rule);
    return gradeNetwork(network, analysis, { format: 'convloom.rules', version: 1, name: '', rules: all });
  }, [proposals, network, analysis]);
  const id = useId();
  const chosen = proposals.filter((one) => choiceOf(choices, one).isOn);
  const usualName = (chapter === undefined ? network.name : pick(chapter.title)) || t.rules;
  const made: Rules = {
    format: 'convloom.rules',
    version: 1,
    name: name.trim() === '' ? usualName : name.trim(),
    ...(chapter === undefined ? {} : { chapter: chapter.id }),
    rules: chosen.map((one) => ({ ...one.rule, points: choiceOf(choices, one).points })),
  };
  return (
    <div className={styles['panel']}>
      <header className={styles['head']}>
        <IconButton size="sm" side="top" label={t.back} icon={<ArrowLeft size={15} />} onClick={onClose} />
        <h2>{t.make}</h2>
        <Button size="sm" icon={<Download size={15} />} disabled={chosen.length === 0} onClick={() => saveRules(made)}>
          {t.save}
        </Button>
        <Button
          size="sm"
          variant="primary"
          icon={<ListChecks size={15} />}
          disabled={chosen.length === 0}
          onClick={() => onUse(made)}
        >
          {t.use}
        </Button>
      </header>
      <div className={styles['settings']}>
        <label htmlFor={id}>{t.name}</label>
        <TextInput
          id={id}
          size="sm"
          value={name}
          placeholder={usualName}
          onChange={(event) => setName(event.target.value)}
        />
        <NumberField label={t.slack} value={slack} min={0} max={1000} isInteger onChange={setSlack} />
        <label htmlFor={`${id}-chapter`}>{t.assign}</label>
        <Select
          id={`${id}-chapter`}
          label={t.assign}
          value={chapterId}
          items={[
            { value: '', label: t.noChapter },
            ...chapters.map(({ id: value, title }) => ({ value, label: pick(title) })),
          ]}
          onChange={setChapter}
        />
      </div>
      {proposals.length === 0 ? (
        <EmptyState title={t.noExample} />
      ) : (
        <>
          <ul className={styles['demands']} aria-label={t.demands}>
            {proposals.map((one, at) => (
              <Demand
                key={one.id}
                title={pick(grades[at]?.title ?? { en: one.id, zh: one.id })}
                expected={pick(grades[at]?.expected ?? { en: '', zh: '' })}
                choice={choiceOf(choices, one)}
                onChange={(choice) => setChoices(new Map([...choices, [one.id, choice]]))}
              />
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
