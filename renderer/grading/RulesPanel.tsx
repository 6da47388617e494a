import { CircleCheck, CircleDashed, FolderOpen, GraduationCap, ListChecks, Pencil, Send, X } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { assignedLessons, findChapter, isCourseRule, type CourseRule } from '../../shared/grading/course';
import { gradeNetwork, type Grade, type RunScores } from '../../shared/grading/grade';
import { scoreOf } from '../../shared/grading/report';
import { parseRules, type Rule, type Rules } from '../../shared/grading/rules';
import { findExhibit } from '../../shared/learn/exhibits/exhibits';
import { limits } from '../../shared/schema/limits';
import { fill, useText } from '../i18n';
import { openChapter, openLesson } from '../learn/course';
import { openExhibit } from '../learn/exhibits/exhibitStore';
import { courseResults } from '../learn/results';
import { useProject, useRun, useSession } from '../session';
import { useUi } from '../store';
import { Button, EmptyState, Failures, IconButton } from '../ui';
import { useRules } from './keptRules';
import styles from './RulesPanel.module.css';
import { RulesEditor } from './RulesEditor';
import { saveNetwork, saveResults } from './saveRules';

/** What the run on the screen has reached at its last epoch; null where there is none. */
function useRunScores(): RunScores | null {
  const last = useRun((state) => ('epochs' in state ? (state.epochs.at(-1) ?? null) : null));
  return useMemo(() => (last === null ? null : { accuracy: last.valAccuracy, meanIou: last.valMeanIou }), [last]);
}

/** Whether what was found tells more than that the rule is met. */
function saysMore({ ok, expected, found, rule }: Grade): boolean {
  return !ok || (expected.en !== found.en && rule !== 'valid' && rule !== 'noWarnings');
}

/** Opens what a rule of the course is about. */
function openCourseRule(rule: CourseRule): void {
  if (rule.rule === 'lesson') {
    openLesson(rule.lesson);
    return;
  }
  const lesson = findExhibit(rule.exhibit)?.lesson;
  if (lesson !== undefined) openLesson(lesson);
  openExhibit(rule.exhibit);
}

function Row({ grade, rule }: { readonly grade: Grade; readonly rule: Rule | undefined }) {
  const { t, pick } = useText('grading');
  const title = pick(grade.title);
  const Icon = grade.ok ? CircleCheck : CircleDashed;
  return (
    <li className={styles['row']} data-met={grade.ok}>
      <Icon size={16} aria-label={grade.ok ? t.met : t.notMet} role="img" />
      <span className={styles['title']}>
        {rule !== undefined && isCourseRule(rule) ? (
          <button type="button" className={styles['link']} onClick={() => openCourseRule(rule)}>
            {title}
          </button>
        ) : (
          title
        )}
      </span>
      <span className={styles['expected']}>{pick(grade.expected)}</span>
      <span className={styles['found']}>{saysMore(grade) ? fill(t.now, { found: pick(grade.found) }) : null}</span>
      <span className="figures">
        {grade.points}/{grade.maxPoints}
      </span>
    </li>
  );
}

/** What is still to be done stands first, each part in the teacher's order. */
function unmetFirst(a: { readonly grade: Grade }, b: { readonly grade: Grade }): number {
  return Number(a.grade.ok) - Number(b.grade.ok);
}

/** The rules as a list that follows every edit. */
function Checklist({ rules }: { readonly rules: Rules }) {
  const { t } = useText('grading');
  const document = useProject((state) => state.document);
  const analysis = useProject((state) => state.analysis);
  const scores = useRunScores();
  const layout = useUi((state) => state.layout);
  const course = useMemo(() => courseResults(layout, rules), [layout, rules]);
  const grades = useMemo(
    () => gradeNetwork(document, analysis, rules, scores, course),
    [document, analysis, rules, scores, course],
  );
  const { points, maxPoints } = scoreOf(grades);
  return (
    <>
      <p className={styles['score']} role="status">
        <strong>{fill(t.points, { points, maxPoints })}</strong>
        <meter min={0} max={Math.max(1, maxPoints)} value={points} aria-label={t.score} />
      </p>
      <ul className={styles['list']} aria-label={t.checklist}>
        {grades
          .map((grade, at) => ({ grade, rule: rules.rules[at] }))
          .sort(unmetFirst)
          .map(({ grade, rule }, at) => (
            <Row key={at} grade={grade} rule={rule} />
          ))}
      </ul>
    </>
  );
}

/** A button that asks for a rules file, on every machine in the same way. */
function OpenRules({ onOpen, isQuiet = false }: { readonly onOpen: (file: File) => void; readonly isQuiet?: boolean }) {
  const { t } = useText('grading');
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        hidden
        aria-label={t.open}
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file !== undefined) onOpen(file);
          // The same file may be chosen again, once it has been mended.
          event.target.value = '';
        }}
      />
      <Button
        size="sm"
        variant={isQuiet ? 'quiet' : 'plain'}
        icon={<FolderOpen size={15} />}
        onClick={() => input.current?.click()}
      >
        {t.open}
      </Button>
    </>
  );
}

/** What stands beside a checklist: the way to the assigned chapter, and the way to hand in. */
function Assignment({ rules }: { readonly rules: Rules }) {
  const { t, pick } = useText('grading');
  const session = useSession();
  const chapter = findChapter(rules.chapter);
  const isOfCourse = assignedLessons(rules).length > 0;
  const isEmpty = useProject((state) => state.analysis.nodes.size === 0);
  const handIn = (): void => {
    const { document } = session.project.getState();
    if (!isOfCourse) {
      saveNetwork(rules, document);
      return;
    }
    const course = courseResults(useUi.getState().layout, rules);
    saveResults({ name: rules.name, course, network: isEmpty ? null : document });
  };
  return (
    <>
      {chapter === undefined ? null : (
        <Button size="sm" icon={<GraduationCap size={15} />} onClick={() => openChapter(chapter)}>
          {fill(t.chapter, { title: pick(chapter.title) })}
        </Button>
      )}
      <Button
        size="sm"
        variant="primary"
        icon={<Send size={15} />}
        title={isOfCourse ? t.handInHint : t.handInNetwork}
        disabled={isEmpty && !isOfCourse}
        onClick={handIn}
      >
        {t.handIn}
      </Button>
    </>
  );
}

/** A teacher's rules as a checklist while drawing, and where they are made. */
export function RulesPanel() {
  const { t } = useText('grading');
  const { rules, hold, release } = useRules();
  const [isEditing, setEditing] = useState(false);
  const [mistakes, setMistakes] = useState<readonly Diagnostic[]>([]);
  const open = async (file: File): Promise<void> => {
    const read = parseRules(await file.slice(0, limits.tableBytes).text());
    setMistakes(read.ok ? [] : read.diagnostics);
    if (!read.ok) return;
    hold(read.value);
    const chapter = findChapter(read.value.chapter);
    if (chapter !== undefined) openChapter(chapter);
  };
  const take = (file: File): void => void open(file);
  if (isEditing) {
    return (
      <RulesEditor
        onUse={(made) => {
          setMistakes([]);
          hold(made);
          setEditing(false);
        }}
        onClose={() => setEditing(false)}
      />
    );
  }
  const failures = <Failures diagnostics={mistakes.slice(0, 5)} />;
  if (rules === null || !rules.ok) {
    return (
      <div className={styles['panel']}>
        <EmptyState icon={<ListChecks size={20} aria-hidden />} title={t.none} hint={t.noneHint}>
          <OpenRules onOpen={take} />
          <Button size="sm" icon={<Pencil size={15} />} onClick={() => setEditing(true)}>
            {t.make}
          </Button>
        </EmptyState>
        {failures}
      </div>
    );
  }
  return (
    <div className={styles['panel']}>
      <header className={styles['head']}>
        <h2>{rules.value.name}</h2>
        <Assignment rules={rules.value} />
        <OpenRules onOpen={take} isQuiet />
        <Button size="sm" variant="quiet" icon={<Pencil size={15} />} onClick={() => setEditing(true)}>
          {t.make}
        </Button>
        <IconButton size="sm" side="top" label={t.close} icon={<X size={15} />} onClick={release} />
      </header>
      {failures}
      <Checklist rules={rules.value} />
    </div>
  );
}
