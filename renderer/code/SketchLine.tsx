import { useId, useMemo, useState } from 'react';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { printSketch } from '../../shared/editing/sketch/print';
import { rewriteEdits } from '../../shared/editing/sketch/rewrite';
import { text } from '../../shared/text';
import { useText } from '../i18n';
import { en, zh } from '../i18n/code';
import { useProject, useSession } from '../session';
import { Failures, TextInput } from '../ui';
import styles from './CodePanel.module.css';

/** The whole network in one line, where it is a chain: to be read, copied and rewritten. */
export function SketchLine() {
  const session = useSession();
  const { t } = useText('code');
  const id = useId();
  const document = useProject((state) => state.document);
  const printed = useMemo(() => printSketch(document, new Set(document.nodes.map((node) => node.id))), [document]);
  const [typed, setTyped] = useState<string | null>(null);
  const [diagnostics, setDiagnostics] = useState<readonly Diagnostic[]>([]);
  if (!printed.ok) return null;
  const putBack = (): void => {
    setTyped(null);
    setDiagnostics([]);
  };
  const take = (): void => {
    if (typed === null) return;
    const edits = rewriteEdits(document, typed);
    const taken =
      edits.ok && edits.value.length > 0
        ? session.project.edit(text(en.sketchEdit, zh.sketchEdit), edits.value)
        : edits;
    if (taken.ok) putBack();
    else setDiagnostics(taken.diagnostics);
  };
  return (
    <div className={styles['sketch']}>
      <label htmlFor={id}>{t.sketch}</label>
      <TextInput
        id={id}
        size="sm"
        isInvalid={diagnostics.length > 0}
        value={typed ?? printed.value}
        title={t.sketchHint}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take();
          if (event.key === 'Escape' && typed !== null) {
            event.stopPropagation();
            putBack();
          }
        }}
      />
      <Failures diagnostics={diagnostics} />
    </div>
  );
}
