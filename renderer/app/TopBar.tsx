import { Command, Redo2, Undo2, Workflow } from 'lucide-react';
import { tidyNetwork } from '../canvas/actions';
import { FileMenu } from '../dialogs/FileMenu';
import { useText } from '../i18n';
import { fill } from '../i18n/language';
import { SettingsMenu } from '../settings/SettingsMenu';
import { openDialog, redo, redoLabel, undo, undoLabel, useProject } from '../store';
import { DeviceChip } from '../training/DeviceChip';
import { TrainButton } from '../training/TrainButton';
import { Button } from '../ui/Button';
import { IconButton } from '../ui/IconButton';
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
      <IconButton
        label={t.undo}
        hint={undoText ? fill(t.undoLabel, { label: pick(undoText) }) : t.nothingToUndo}
        keys="Mod+Z"
        icon={<Undo2 size={16} />}
        disabled={undoText === null}
        onClick={undo}
      />
      <IconButton
        label={t.redo}
        hint={redoText ? fill(t.redoLabel, { label: pick(redoText) }) : t.nothingToRedo}
        keys="Mod+Shift+Z"
        icon={<Redo2 size={16} />}
        disabled={redoText === null}
        onClick={redo}
      />
    </span>
  );
}

/** The window's top: the file left, the network's totals in the middle, running it right. */
export function TopBar() {
  const { t } = useText('app');
  const isEmpty = useProject((state) => state.document.nodes.length === 0);
  return (
    <header className={styles['bar']} aria-label={t.topBar}>
      <div className={styles['left']}>
        <FileMenu />
        <NetworkName />
        <UndoRedo />
      </div>
      <Totals />
      <div className={styles['right']}>
        <DeviceChip />
        <IconButton
          label={t.commands}
          keys="Mod+K"
          icon={<Command size={16} />}
          onClick={() => openDialog('commands')}
        />
        <SettingsMenu />
        <Tooltip text={t.tidyHelp} keys="L">
          <Button icon={<Workflow size={15} aria-hidden />} disabled={isEmpty} onClick={tidyNetwork}>
            {t.tidy}
          </Button>
        </Tooltip>
        <TrainButton />
      </div>
    </header>
  );
}
