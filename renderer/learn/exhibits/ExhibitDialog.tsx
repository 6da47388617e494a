import { Suspense, useState } from 'react';
import type { Exhibit } from '../../../shared/learn/exhibits/exhibit';
import { useText } from '../../i18n';
import { useIsLooking } from '../../maps/useInspection';
import { classes, Dialog } from '../../ui';
import { closeExhibit, useExhibit } from './exhibitStore';
import { useExhibitNetworks } from './network';
import type { ExhibitNetwork } from './network';
import { NetworkBar } from './NetworkBar';
import { exhibitViews } from './view';
import styles from './exhibits.module.css';

/** The exhibit that is open, over the window. */
export function ExhibitDialog() {
  const { pick } = useText('learn');
  const exhibit = useExhibit((state) => state.open);
  return (
    <Dialog
      isOpen={exhibit !== null}
      onClose={closeExhibit}
      title={exhibit === null ? '' : pick(exhibit.title)}
      description={exhibit === null ? '' : pick(exhibit.task)}
      width="xl"
    >
      {exhibit === null ? null : <OpenExhibit key={exhibit.id} exhibit={exhibit} />}
    </Dialog>
  );
}

function OpenExhibit({ exhibit }: { readonly exhibit: Exhibit }) {
  const { t } = useText('learn');
  const { own, lesson } = useExhibitNetworks(exhibit);
  const isLooking = useIsLooking();
  const [whose, setWhose] = useState<ExhibitNetwork['whose']>('own');
  const shown = (whose === 'own' ? own : lesson) ?? lesson;
  const View = exhibitViews[exhibit.id];
  if (shown === null || View === undefined) return <p className={styles['muted']}>{t.computing}</p>;
  return (
    <div className={styles['exhibit']}>
      {exhibit.isAlone === true ? null : (
        <NetworkBar {...{ own, lesson, shown }} onChoose={setWhose} wantsTraining={exhibit.wantsTraining} />
      )}
      <Suspense fallback={<p className={styles['muted']}>{t.computing}</p>}>
        <View key={shown.whose} exhibit={exhibit} network={shown} />
      </Suspense>
      {isLooking ? (
        <p className={classes(styles['muted'], styles['looking'])} role="status">
          {t.computing}
        </p>
      ) : null}
    </div>
  );
}
