import type { ReactNode } from 'react';
import type { Explanation } from '../../shared/layers/define';
import { useText } from '../i18n';
import { remember, useUi } from '../store';
import styles from './Inspector.module.css';

type FormulaCardProps = {
  /** Key under which the card remembers whether it is open. */
  readonly id: string;
  readonly title: string;
  /** The figure that is always there. */
  readonly result: string;
  readonly explanations?: readonly Omit<Explanation, 'about'>[];
  readonly note?: string | undefined;
  /** Before anyone has opened or closed it. */
  readonly isOpenAtFirst?: boolean;
  readonly children?: ReactNode;
};

/** A number that opens into its formula with the live values put in. */
export function FormulaCard({
  id,
  title,
  result,
  explanations = [],
  note,
  isOpenAtFirst = true,
  children,
}: FormulaCardProps) {
  const { pick } = useText('inspector');
  const key = `inspector.${id}`;
  const isOpen = useUi((state) => (state.layout[key] ?? isOpenAtFirst) !== false);
  const hasBody = explanations.length > 0 || note !== undefined || children !== undefined;
  const head = (
    <>
      <span className={styles['cardTitle']}>{title}</span>
      <strong className="figures">{result}</strong>
    </>
  );
  if (!hasBody) {
    return (
      <div className={styles['card']}>
        <div className={styles['cardHead']}>{head}</div>
      </div>
    );
  }
  return (
    <details className={styles['card']} open={isOpen} onToggle={(event) => remember(key, event.currentTarget.open)}>
      <summary className={styles['cardHead']}>{head}</summary>
      <div className={styles['cardBody']}>
        {explanations.map((one) => (
          <p key={`${one.title.en} ${one.formula}`} className="figures">
            {explanations.length > 1 ? <span className={styles['formulaTitle']}>{pick(one.title)}</span> : null}
            <span className={styles['formula']}>{one.formula}</span>
            <span>
              = {one.numbers} = <b>{one.result}</b>
            </span>
          </p>
        ))}
        {note === undefined ? null : <p className={styles['cardNote']}>{note}</p>}
        {children}
      </div>
    </details>
  );
}
