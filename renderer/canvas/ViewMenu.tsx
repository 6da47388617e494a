import { Popover } from '@base-ui/react/popover';
import { SlidersHorizontal } from 'lucide-react';
import type { ReactNode } from 'react';
import { figureChoices } from '../../shared/schema/figures';
import { wireSamples, wireWidth, wireWords } from '../../shared/figures/wireWidth';
import { useText } from '../i18n';
import { useSession } from '../session';
import { Segments } from '../ui/Segments';
import { IconButton } from '../ui/IconButton';
import { formatCount } from '../ui/numbers';
import { usePopupContainer } from '../ui/PopupLayer';
import { useUi } from '../store/ui';
import { rememberOnHover, showsOnHover } from './field';
import { chooseHeat, useHeatMeasure } from './heat';
import styles from './ViewMenu.module.css';

/** What a view of the network shows beside it. The canvas and the volumes each put rows of their own behind the heat. */
export function ViewMenu({ children }: { readonly children: ReactNode }) {
  const { t, language } = useText('seeing');
  const session = useSession();
  const measure = useHeatMeasure();
  const container = usePopupContainer();
  return (
    <Popover.Root>
      <Popover.Trigger
        render={<IconButton size="sm" side="top" label={t.shown} icon={<SlidersHorizontal size={15} />} />}
      />
      <Popover.Portal container={container}>
        <Popover.Positioner className={styles['positioner']} side="top" sideOffset={8} align="end">
          <Popover.Popup className={styles['popup']} aria-label={t.shown}>
            <ViewRow name={t.heat} hint={t.heatHint}>
              <Segments
                label={t.heat}
                value={measure ?? 'none'}
                choice={figureChoices.heat}
                language={language}
                onChange={(choice) => chooseHeat(session, choice === 'none' ? null : choice)}
              />
            </ViewRow>
            {children}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

type ViewRowProps = { readonly name: string; readonly hint?: string; readonly children: ReactNode };

/** One thing of the menu. */
export function ViewRow({ name, hint, children }: ViewRowProps) {
  return (
    <div className={styles['row']}>
      <span className={styles['name']}>{name}</span>
      <div>
        {children}
        {hint === undefined ? null : <p className={styles['hint']}>{hint}</p>}
      </div>
    </div>
  );
}

/** What the strength of a wire says, with wires of some strengths. */
export function WireLegend() {
  const { t, pick } = useText('seeing');
  return (
    <ViewRow name={t.wires} hint={pick(wireWords)}>
      <ul className={`${styles['samples'] ?? ''} figures`}>
        {wireSamples.map((channels) => (
          <li key={channels}>
            <svg width={24} height={8} aria-hidden="true">
              <path d="M0 4H24" stroke="var(--wire)" strokeWidth={wireWidth([channels])} />
            </svg>
            {formatCount(channels)}
          </li>
        ))}
      </ul>
    </ViewRow>
  );
}

/** Whether a receptive field comes by itself. */
export function FieldRow() {
  const { t } = useText('seeing');
  const isOn = useUi(showsOnHover);
  return (
    <ViewRow name={t.field} hint={t.fieldOnKey}>
      <label className={styles['check']}>
        <input type="checkbox" checked={isOn} onChange={(event) => rememberOnHover(event.target.checked)} />
        {t.fieldOnHover}
      </label>
    </ViewRow>
  );
}
