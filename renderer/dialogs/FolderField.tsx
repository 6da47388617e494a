import { useDraft } from '../ui/useDraft';
import { FolderInput } from './FolderInput';

type FolderFieldProps = {
  readonly label: string;
  readonly placeholder: string;
  readonly path: string;
  readonly isDisabled: boolean;
  readonly onTake: (path: string) => void;
};

/** A path that is taken when the field is left, by Enter, or by picking one. */
export function FolderField({ label, placeholder, path, isDisabled, onTake }: FolderFieldProps) {
  const [draft, setDraft] = useDraft(path);
  const take = (next: string): void => {
    setDraft(next);
    if (next.trim() !== path) onTake(next.trim());
  };
  return (
    <FolderInput
      size="sm"
      aria-label={label}
      value={draft}
      placeholder={placeholder}
      disabled={isDisabled}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={() => take(draft)}
      onKeyDown={(event) => (event.key === 'Enter' ? take(draft) : undefined)}
      onPick={take}
    />
  );
}
