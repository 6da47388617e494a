import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton } from './IconButton';

type CopyButtonProps = {
  readonly text: string;
  readonly label: string;
  readonly copiedLabel?: string;
  readonly size?: 'md' | 'sm';
};

/** How long the tick stays: long enough to be seen, short enough to copy again. */
const confirmationMs = 1600;

/** Copies a text, and says that it did. */
export function CopyButton({ text, label, copiedLabel, size = 'md' }: CopyButtonProps) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setCopied(false), confirmationMs);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = (): void => {
    void navigator.clipboard.writeText(text).then(() => setCopied(true));
  };
  return (
    <>
      <IconButton
        label={label}
        size={size}
        icon={isCopied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
        onClick={copy}
      />
      <span className="visually-hidden" role="status">
        {isCopied ? (copiedLabel ?? '✓') : ''}
      </span>
    </>
  );
}
