import { isPort } from '../../shared/document/blocks';
import { asBlock, findNode } from '../../shared/analysis/blocks';
import { BookOpen } from 'lucide-react';
import { useState } from 'react';
import type { NetworkAnalysis, NodeAnalysis } from '../../shared/analysis/types';
import type { NetworkDocument, NetworkNode } from '../../shared/schema/document';
import { lessonsFor } from '../../shared/learn/lessons';
import { splitFirstSentence, text, type Text } from '../../shared/text';
import { nodeTitle } from '../canvas/speech';
import { fill, useText } from '../i18n';
import { openLesson } from '../learn/course';
import { useTrainingProblemsOf } from '../problems/trainingFindings';
import { diagnosticsOf, useProject, useSession } from '../session';
import { familyColour, LayerGlyph, TextInput } from '../ui';
import { useDraft } from '../ui/useDraft';
import { Alignment } from './Alignment';
import { BlockForm } from './BlockForm';
import { NodeCards } from './NodeCards';
import { NodeDiagnostics } from './NodeDiagnostics';
import { ParamForm } from './ParamForm';
import { TransformSection } from './TransformSection';
import { WantedSize } from './WantedSize';
import { WeightsOf } from './WeightsOf';
import styles from './Inspector.module.css';

/** Names of the nodes that feed this one, for the line under its title. */
function sourceNames(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  id: string,
  pick: (t: Text) => string,
): string {
  const names = document.edges
    .filter((edge) => edge.to === id)
    .map((edge) => document.nodes.find((node) => node.id === edge.from))
    .flatMap((node) => (node === undefined ? [] : [pick(nodeTitle(node, findNode(analysis, node.id)))]));
  return names.join(', ');
}

/** Everything about one node: form, figures, problems, docs, label and note. */
export function NodeInspector({ node }: { readonly node: NetworkNode }) {
  const { t, pick } = useText('inspector');
  const document = useProject((state) => state.document);
  const network = useProject((state) => state.analysis);
  const training = useTrainingProblemsOf(node.id);
  const analysis = findNode(network, node.id);
  if (analysis === undefined) return null;
  const { definition } = analysis;
  const diagnostics = diagnosticsOf(network, node.id);
  const sources = sourceNames(document, network, node.id, pick);
  const elsewhere = diagnostics.filter(
    (one) => one.at.param === undefined || one.fixes.length > 0 || one.severity !== 'error',
  );
  return (
    <>
      <header className={styles['header']}>
        <h2 className={styles['title']}>
          <span style={{ color: familyColour(definition?.family ?? 'io') }}>
            <LayerGlyph
              definition={definition}
              params={analysis.params}
              isBlock={asBlock(analysis) !== undefined}
              isPort={isPort(node)}
            />
          </span>
          {pick(nodeTitle(node, analysis))}
        </h2>
        <p className={styles['muted']}>
          <code>{node.id}</code>
          {sources === '' ? null : <>, {fill(t.after, { names: sources })}</>}
        </p>
      </header>
      <BlockForm key={`form of ${node.id}`} node={node} diagnostics={diagnostics} />
      <ParamForm node={node} analysis={analysis} diagnostics={diagnostics} />
      <WeightsOf node={node} />
      <NodeDiagnostics diagnostics={[...elsewhere, ...training]} />
      <WantedSize node={analysis} />
      <NodeCards node={analysis} network={network} />
      <Alignment node={analysis} network={network} />
      <TransformSection nodeId={node.id} />
      {definition === null ? null : <LayerDocs node={analysis} />}
      <NodeNames key={`names of ${node.id}`} node={node} />
    </>
  );
}

function LayerDocs({ node }: { readonly node: NodeAnalysis }) {
  const { t, pick } = useText('inspector');
  const [isOpen, setOpen] = useState(false);
  const { definition } = node;
  if (definition === null) return null;
  const [first, rest] = splitFirstSentence(pick(definition.doc));
  const lessons = lessonsFor(node.kind);
  const hasMore = rest !== '' || definition.references.length > 0;
  return (
    <section className={styles['docs']} aria-label={t.about}>
      <p>
        {first} {isOpen ? rest : null}
      </p>
      {isOpen && definition.references.length > 0 ? (
        <ul className={styles['references']}>
          {definition.references.map((reference) => (
            <li key={reference.url}>
              {reference.title} <code>{reference.url}</code>
            </li>
          ))}
        </ul>
      ) : null}
      <p className={styles['links']}>
        {hasMore ? (
          <button type="button" className={styles['link']} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? t.less : t.more}
          </button>
        ) : null}
        {lessons.map((lesson) => (
          <button key={lesson.id} type="button" className={styles['link']} onClick={() => openLesson(lesson.id)}>
            <BookOpen size={13} aria-hidden />
            {pick(lesson.title)}
          </button>
        ))}
      </p>
    </section>
  );
}

function NodeNames({ node }: { readonly node: NetworkNode }) {
  const session = useSession();
  const { t } = useText('inspector');
  const [label, setLabel] = useDraft(node.label ?? '');
  const [note, setNote] = useDraft(node.note ?? '');
  const saveLabel = (): void => {
    const next = label.trim();
    if (next === (node.label ?? '')) return;
    session.project.edit(text(`Label ${node.id}`, `给 ${node.id} 加标签`), [
      { type: 'setLabel', id: node.id, label: next === '' ? null : next },
    ]);
  };
  const saveNote = (): void => {
    if (note === (node.note ?? '')) return;
    session.project.edit(text(`Note on ${node.id}`, `给 ${node.id} 写备注`), [
      { type: 'setNote', id: node.id, note: note.trim() === '' ? null : note },
    ]);
  };
  return (
    <section className={styles['names']}>
      <label>
        <span>{t.label}</span>
        <TextInput
          value={label}
          placeholder={node.id}
          onChange={(event) => setLabel(event.target.value)}
          onBlur={saveLabel}
          onKeyDown={(event) => (event.key === 'Enter' ? saveLabel() : undefined)}
        />
      </label>
      <label>
        <span>{t.note}</span>
        <textarea
          className={styles['note']}
          rows={2}
          value={note}
          placeholder={t.notePlaceholder}
          onChange={(event) => setNote(event.target.value)}
          onBlur={saveNote}
        />
      </label>
    </section>
  );
}
