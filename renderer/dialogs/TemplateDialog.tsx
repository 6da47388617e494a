import { useMemo, useState, useId } from 'react';
import type { TemplateInfo } from '../../shared/host/api';
import { fill, messages, useText } from '../i18n';
import { useWorkspace } from '../session';
import { openDialog, useUi } from '../store';
import { useRequest } from '../store/useRequest';
import { Dialog, EmptyState, formatShape, formatShort, TextInput } from '../ui';
import { openTemplate } from './fileActions';
import { NetworkThumbnail } from './NetworkThumbnail';
import styles from './TemplateDialog.module.css';

type TemplateTask = TemplateInfo['task'];

/** In the order in which they are offered. */
const tasks = ['classification', 'segmentation', 'image-to-image'] as const satisfies readonly TemplateTask[];

/** True when every word of the query is in the name, the summary or the task, in either language. */
function matches({ name, id, summary, task }: TemplateInfo, query: string): boolean {
  const taskNames = `${messages('dialogs', 'en')[task]} ${messages('dialogs', 'zh')[task]}`;
  const text = `${name} ${id} ${summary.en} ${summary.zh} ${taskNames}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** Networks to start from, each drawn as it is laid out, with its numbers. */
export function TemplateDialog() {
  const { t } = useText('dialogs');
  const isOpen = useUi((state) => state.dialog === 'templates');
  return (
    <Dialog
      isOpen={isOpen}
      onClose={() => openDialog(null)}
      title={t.templates}
      description={t.templatesHint}
      width="lg"
    >
      {isOpen ? <TemplateList /> : null}
    </Dialog>
  );
}

function TemplateList() {
  const { t } = useText('dialogs');
  const workspace = useWorkspace();
  const [query, setQuery] = useState('');
  const [task, setTask] = useState<TemplateTask | null>(null);
  const { value, diagnostics, isLoading } = useRequest('templates.list', {});
  const found = useMemo(
    () => (value ?? []).filter((template) => matches(template, query) && (task === null || template.task === task)),
    [value, query, task],
  );
  const open = (id: string): void => {
    openDialog(null);
    void openTemplate(workspace, id);
  };
  return (
    <div className={styles['content']}>
      <div className={styles['filters']}>
        <TextInput
          type="search"
          aria-label={t.searchTemplates}
          placeholder={t.searchTemplates}
          value={query}
          autoFocus
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={(event) => {
            const [only] = found;
            if (event.key === 'Enter' && only !== undefined) open(only.id);
          }}
        />
        <div role="group" aria-label={t.taskFilter} className={styles['tasks']}>
          {[null, ...tasks].map((choice) => (
            <button
              key={choice ?? 'all'}
              type="button"
              className={styles['task']}
              aria-pressed={task === choice}
              onClick={() => setTask(choice)}
            >
              {choice === null ? t.allTasks : t[choice]}
            </button>
          ))}
        </div>
      </div>
      {found.length === 0 && !isLoading ? (
        <EmptyState title={diagnostics.length > 0 ? t.templatesFailed : t.noTemplate} />
      ) : (
        <ul className={styles['grid']}>
          {found.map((template) => (
            <li key={template.id}>
              <TemplateCard template={template} onOpen={() => open(template.id)} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function TemplateCard({ template, onOpen }: { readonly template: TemplateInfo; readonly onOpen: () => void }) {
  const { t, pick } = useText('dialogs');
  const { value } = useRequest('templates.open', { id: template.id });
  const facts = useId();
  return (
    <button type="button" className={styles['card']} onClick={onOpen} aria-describedby={facts}>
      <span className={styles['thumbnail']} aria-hidden="true">
        {value === null ? null : <NetworkThumbnail document={value} />}
      </span>
      <span className={styles['name']}>{template.name}</span>
      {/* The name alone names the button; the rest describes it. */}
      <span id={facts} className={styles['facts']} aria-hidden="true">
        <span className={styles['summary']}>{pick(template.summary)}</span>
        <span className={`${styles['numbers'] ?? ''} figures`}>
          {t[template.task]} · {formatShape(template.inputShape)} ·{' '}
          {fill(t.params, {
            count: formatShort(template.params),
            trainable: formatShort(template.trainableParams),
          })}
          {template.macs === null ? '' : ` · ${fill(t.macs, { count: formatShort(template.macs) })}`}
        </span>
      </span>
    </button>
  );
}
