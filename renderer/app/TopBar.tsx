import { Workflow } from 'lucide-react';
import { actionOf, keysOf, usePerform } from '../actions';
import { ActionButton } from '../actions/ActionButton';
import { FileMenu } from '../dialogs/FileMenu';
import { LearnMenu } from '../learn/LearnMenu';
import { useText } from '../i18n';
import { fill } from '../i18n/language';
import { SettingsMenu } from '../settings/SettingsMenu';
import { redoLabel, undoLabel, useProject, useSession } from '../session';
import { DeviceChip } from '../training/DeviceChip';
import { TrainButton } from '../training/TrainButton';
import { Button } from '../ui/Button';
import { Tooltip } from '../ui/Tooltip';
import { NetworkName } from './NetworkName';
import styles from './TopBar.module.css';
import { Totals } from './Totals';

function UndoRedo() {
  const { t, pick } = useText('app');
  const undoText = useProject((state) => undoLabel(state.history));
  const redoText = useProject((state) => redoLabel(state.history));
  return (
    <span className={styles['pair']}>
      <ActionButton
        action={actionOf('undo')}
        hint={undoText ? fill(t.undoLabel, { label: pick(undoText) }) : t.nothingToUndo}
      />
      <ActionButton
        action={actionOf('redo')}
        hint={redoText ? fill(t.redoLabel, { label: pick(redoText) }) : t.nothingToRedo}
      />
      <ActionButton action={actionOf('history')} />
    </span>
  );
}

function TidyButton() {
  const { pick } = useText('app');
  const perform = usePerform();
  const isEmpty = useProject((state) => state.document.nodes.length === 0);
  const tidy = actionOf('tidy');
  return (
    <Tooltip text={pick(tidy.help ?? tidy.label)} {...keysOf(tidy)}>
      <Button icon={<Workflow size={15} aria-hidden />} disabled={isEmpty} onClick={() => perform(tidy)}>
        {pick(tidy.label)}
      </Button>
    </Tooltip>
  );
}

/** The window's top: the file left, the network's totals in the middle, running it right. */
export function TopBar() {
  const { t } = useText('app');
  const { id } = useSession();
  return (
    <header className={styles['bar']} aria-label={t.topBar}>
      <div className={styles['left']}>
        <FileMenu />
        <LearnMenu />
        <NetworkName key={id} />
        <UndoRedo />
      </div>
      <Totals />
      <div className={styles['right']}>
        <DeviceChip />
        <ActionButton action={actionOf('commands')} />
        <SettingsMenu />
        <TidyButton />
        <TrainButton />
      </div>
    </header>
  );
}
