import { useState } from 'react';
import { builtInStyles, isBuiltInStyle } from '../../shared/schema/stylePictures';
import { FolderField } from '../dialogs/FolderField';
import { useText } from '../i18n';
import { useSession } from '../session';
import { Choice } from './Choice';
import styles from './ConfigForm.module.css';
import { useOfferedRuns } from './offeredRuns';
import { setSetting } from './useTrainingConfig';

type PerceptualFieldProps = { readonly label: string; readonly value: string; readonly isDisabled: boolean };

/** The item that stands for a path; no run and no built-in picture is called so. */
const ofPath = '/';

/** The network through which pictures are compared: a run, or a model by its path. */
export function LossNetworkField({ label, value, isDisabled }: PerceptualFieldProps) {
  const { t } = useText('training');
  const runs = useOfferedRuns(value);
  const isRun = runs.some(({ id }) => id === value);
  return (
    <NamedOrPath
      label={label}
      value={value}
      isNamed={isRun}
      isDisabled={isDisabled}
      name="lossNetwork"
      placeholder={t.lossNetworkPath}
      items={[
        { value: '', label: t.chooseRun },
        ...runs.map(({ id, label: name }) => ({ value: id, label: name })),
        { value: ofPath, label: t.modelFile },
      ]}
    />
  );
}

/** The picture whose style answers are to have: none, one that the app draws, or a file. */
export function StylePictureField({ label, value, isDisabled }: PerceptualFieldProps) {
  const { t } = useText('training');
  return (
    <NamedOrPath
      label={label}
      value={value}
      isNamed={isBuiltInStyle(value)}
      isDisabled={isDisabled}
      name="stylePicture"
      placeholder={t.stylePath}
      items={[
        { value: '', label: t.noStyle },
        ...builtInStyles.map((style) => ({ value: style, label: t[`style_${style}`] })),
        { value: ofPath, label: t.ownStyle },
      ]}
    />
  );
}

type NamedOrPathProps = PerceptualFieldProps & {
  readonly name: 'lossNetwork' | 'stylePicture';
  /** Whether the value is one of the items, and no path. */
  readonly isNamed: boolean;
  readonly placeholder: string;
  readonly items: readonly { readonly value: string; readonly label: string }[];
};

function NamedOrPath({ label, value, isNamed, isDisabled, name, placeholder, items }: NamedOrPathProps) {
  const session = useSession();
  const [asksPath, setAsksPath] = useState(false);
  const isPath = value === '' ? asksPath : !isNamed;
  const choose = (next: string): void => {
    setAsksPath(next === ofPath);
    setSetting(session, name, next === ofPath ? '' : next);
  };
  return (
    <>
      <Choice label={label} value={isPath ? ofPath : value} items={items} isDisabled={isDisabled} onChange={choose} />
      {isPath ? (
        <div className={styles['whole']}>
          <FolderField
            label={placeholder}
            placeholder={placeholder}
            path={value}
            isDisabled={isDisabled}
            onTake={(path) => setSetting(session, name, path)}
          />
        </div>
      ) : null}
    </>
  );
}
