import { renameBlock } from '../../shared/editing/blocks/definitions';
import { blockLabel, replaceWith } from '../canvas/blocks';
import { useText } from '../i18n';
import { rootOf, useSession } from '../session';
import { TextInput } from '../ui';
import { useDraft } from '../ui/useDraft';
import formStyles from './ParamForm.module.css';

/** What a block is called, to be called otherwise wherever it is used. */
export function BlockName({ block }: { readonly block: string }) {
  const { t } = useText('blocks');
  const session = useSession();
  const [name, setName] = useDraft(block);
  const save = (): void => {
    const next = name.trim();
    if (next === block) return;
    // The nodes that use it may be anywhere in the network.
    const root = rootOf(session);
    const made = renameBlock(root.project.getState().document, block, next);
    if (!replaceWith(root, blockLabel('renameLabel', { block }), made)) setName(block);
  };
  return (
    <label className={formStyles['row']}>
      <span className={formStyles['label']}>{t.block}</span>
      <span className={formStyles['control']}>
        <TextInput
          size="sm"
          value={name}
          onChange={(event) => setName(event.target.value)}
          onBlur={save}
          onKeyDown={(event) => (event.key === 'Enter' ? save() : undefined)}
        />
      </span>
    </label>
  );
}
