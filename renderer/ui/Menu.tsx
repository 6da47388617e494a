import { Menu as Base } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { Fragment } from 'react';
import { Kbd } from './Kbd';
import { usePopupContainer } from './PopupLayer';
import styles from './Menu.module.css';

export type MenuAction = {
  readonly id: string;
  readonly label: string;
  readonly icon?: ReactNode;
  /** In place of the icon, and larger. */
  readonly picture?: ReactNode;
  /** As for {@link Kbd}. */
  readonly keys?: string;
  /** Right of the label, muted. */
  readonly hint?: string;
  readonly isDisabled?: boolean;
  /** Given for a choice that is on or off. */
  readonly isChecked?: boolean;
  readonly isDangerous?: boolean;
  readonly onSelect: () => void;
};

/** Actions that belong together; a line is drawn between groups. */
export type MenuGroup = { readonly title?: string; readonly actions: readonly MenuAction[] };

function MenuItem({ action }: { readonly action: MenuAction }) {
  const content = (
    <>
      {action.picture ?? (
        <span className={styles['icon']}>
          {action.isChecked === true ? <Check size={14} aria-hidden /> : action.icon}
        </span>
      )}
      <span className={styles['label']}>{action.label}</span>
      {action.hint === undefined ? null : <span className={styles['hint']}>{action.hint}</span>}
      {action.keys === undefined ? null : <Kbd keys={action.keys} />}
    </>
  );
  const common = {
    className: styles['item'],
    disabled: action.isDisabled === true,
    'data-dangerous': action.isDangerous === true ? true : undefined,
  };
  return action.isChecked === undefined ? (
    <Base.Item {...common} onClick={action.onSelect}>
      {content}
    </Base.Item>
  ) : (
    <Base.CheckboxItem {...common} checked={action.isChecked} onCheckedChange={action.onSelect} closeOnClick>
      {content}
    </Base.CheckboxItem>
  );
}

/** The list inside a menu or a context menu. */
export function MenuItems({ groups }: { readonly groups: readonly MenuGroup[] }) {
  const filled = groups.filter((group) => group.actions.length > 0);
  return filled.map((group, index) => (
    <Fragment key={group.title ?? group.actions[0]?.id}>
      {index === 0 ? null : <Base.Separator className={styles['separator']} />}
      <Base.Group>
        {group.title === undefined ? null : (
          <Base.GroupLabel className={styles['groupLabel']}>{group.title}</Base.GroupLabel>
        )}
        {group.actions.map((action) => (
          <MenuItem key={action.id} action={action} />
        ))}
      </Base.Group>
    </Fragment>
  ));
}

export type MenuProps = {
  /** The button that opens it; it carries the accessible name. */
  readonly trigger: ReactElement;
  readonly groups: readonly MenuGroup[];
  readonly align?: 'start' | 'end';
};

/** A menu behind a button. */
export function Menu({ trigger, groups, align = 'start' }: MenuProps) {
  const container = usePopupContainer();
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal container={container}>
        <Base.Positioner className={styles['positioner']} sideOffset={4} align={align}>
          <Base.Popup className={styles['popup']}>
            <MenuItems groups={groups} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
