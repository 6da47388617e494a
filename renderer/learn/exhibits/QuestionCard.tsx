import { CircleCheck } from 'lucide-react';
import { useId, useState } from 'react';
import type { Exhibit, Given, Question } from '../../../shared/learn/exhibits/exhibit';
import { isRight } from '../../../shared/learn/exhibits/exhibit';
import { fill, useText } from '../../i18n';
import { Button, TextInput } from '../../ui';
import { keepAnswer } from './exhibitStore';
import styles from './exhibits.module.css';

type QuestionCardProps = { readonly exhibit: Exhibit; readonly question: Question };

/** What an exhibit asks at its end. A right answer ticks it off. */
export function QuestionCard({ exhibit, question }: QuestionCardProps) {
  const { t, pick } = useText('learn');
  return (
    <section className={styles['question']} aria-label={t.question}>
      <p className={styles['ask']}>{pick(question.ask)}</p>
      <Answer key={`${question.ask.en} ${question.kind === 'act' ? '' : question.answer}`} {...{ exhibit, question }} />
    </section>
  );
}

/** An answer as it is kept: in English, whatever the language, so that a class can be read in one table. */
function wordsOf(question: Question, given: Given): string {
  if (given === null || question.kind === 'act') return '';
  return question.kind === 'choice' ? (question.choices[given]?.en ?? '') : String(given);
}

function Answer({ exhibit, question }: QuestionCardProps) {
  const { t, pick } = useText('learn');
  const [given, setGiven] = useState<Given>(null);
  const [verdict, setVerdict] = useState<boolean | null>(null);
  const [isNoNumber, setNoNumber] = useState(false);
  const check = (value: Given): void => {
    const right = isRight(question, value);
    setGiven(value);
    setVerdict(right);
    setNoNumber(question.kind === 'number' && right === null);
    if (right !== null) keepAnswer(exhibit, wordsOf(question, value), right);
  };
  const isActed = question.kind === 'act' && question.isDone;
  const [wasActed, setActed] = useState(isActed);
  if (isActed !== wasActed) {
    setActed(isActed);
    if (isActed) check(null);
  }
  return (
    <>
      {question.kind === 'number' ? <NumberAnswer onCheck={check} /> : null}
      {question.kind === 'choice' ? (
        <div className={styles['choices']} role="group" aria-label={t.answer}>
          {question.choices.map((choice, at) => (
            <Button key={choice.en} size="sm" aria-pressed={given === at} onClick={() => check(at)}>
              {pick(choice)}
            </Button>
          ))}
        </div>
      ) : null}
      <p className={styles['verdict']} data-right={verdict ?? undefined} role="status">
        {verdict === true ? (
          <>
            <CircleCheck size={15} aria-hidden /> {fill(t.right, { because: pick(question.because) })}
          </>
        ) : null}
        {verdict === false ? t.wrong : null}
        {isNoNumber ? t.noNumber : null}
      </p>
    </>
  );
}

function NumberAnswer({ onCheck }: { readonly onCheck: (value: number) => void }) {
  const { t } = useText('learn');
  const id = useId();
  const [typed, setTyped] = useState('');
  return (
    <form
      className={styles['typed']}
      onSubmit={(event) => {
        event.preventDefault();
        // Numbers are copied with the sign that is printed, and typed with a comma in much of the world.
        onCheck(
          Number(
            typed
              .trim()
              .replaceAll('−', '-')
              .replace(/,(?=\d{1,2}$|\d{4,}$)/, '.')
              .replaceAll(',', '') || NaN,
          ),
        );
      }}
    >
      <label htmlFor={id}>{t.answer}</label>
      <TextInput
        id={id}
        size="sm"
        isFigure
        inputMode="decimal"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Button size="sm" type="submit" variant="primary">
        {t.check}
      </Button>
    </form>
  );
}
