import { useState } from 'react';

/**
 * What is typed in a field before it is taken. Where the value itself changes, by undo, or because the field now belongs to another network,
 * the draft is that value: what was typed for the one before must never be taken for it.
 */
export function useDraft(value: string): [draft: string, setDraft: (draft: string) => void] {
  const [draft, setDraft] = useState(value);
  const [own, setOwn] = useState(value);
  if (own !== value) {
    setOwn(value);
    setDraft(value);
  }
  return [draft, setDraft];
}
