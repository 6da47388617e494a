import { useText } from '../i18n';
import type { IconButtonProps } from '../ui';
import { IconButton } from '../ui';
import type { Action } from './action';
import { useActionState, usePerform } from './state';

type ActionButtonProps = Pick<IconButtonProps, 'size' | 'side'> & {
  readonly action: Action;
  /** Says more than the label, where there is more to say. */
  readonly hint?: string;
  /** In place of the action's own, where the picture tells a state. */
  readonly icon?: IconButtonProps['icon'];
};

/** A tool for one action: its icon, its name as things stand, its keys, and grey while it does not apply. */
export function ActionButton({ action, hint, icon, size, side }: ActionButtonProps) {
  const { pick } = useText('app');
  const perform = usePerform();
  const state = useActionState();
  const { icon: Icon } = action;
  const [keys] = action.shortcuts ?? [];
  return (
    <IconButton
      label={pick(hint === undefined ? (action.title?.(state) ?? action.label) : action.label)}
      icon={icon ?? (Icon === undefined ? null : <Icon size={size === 'sm' ? 15 : 16} />)}
      disabled={!action.applies(state)}
      onClick={() => perform(action)}
      {...(hint === undefined ? {} : { hint })}
      {...(keys === undefined ? {} : { keys })}
      {...(size === undefined ? {} : { size })}
      {...(side === undefined ? {} : { side })}
    />
  );
}
