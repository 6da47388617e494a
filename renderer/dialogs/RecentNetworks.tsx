import { X } from 'lucide-react';
import { fill, useText } from '../i18n';
import { useWorkspace } from '../session';
import { IconButton } from '../ui';
import { formatWhen } from '../ui/when';
import { fileName } from './fileActions';
import styles from './RecentNetworks.module.css';
import { RecentPicture } from './RecentPicture';
import { forgetRecent, openRecent, useRecentFiles } from './recents';

/** So many are offered on an empty canvas; the file menu has more. */
const shownCount = 4;

/** What was worked on lately, to go on with. Nothing where that is nothing. */
export function RecentNetworks() {
  const { t, language } = useText('dialogs');
  const workspace = useWorkspace();
  const { files } = useRecentFiles();
  if (files.length === 0) return null;
  return (
    <section className={styles['recent']} aria-label={t.recent}>
      <h3 className={styles['heading']}>{t.recent}</h3>
      <ul className={styles['list']}>
        {files.slice(0, shownCount).map((file) => {
          const name = file.name === '' ? fileName(file.path) : file.name;
          return (
            <li key={file.path} className={styles['item']} data-missing={file.isMissing ? true : undefined}>
              <button
                type="button"
                className={styles['card']}
                title={file.path}
                onClick={() => openRecent(workspace, file)}
              >
                <RecentPicture file={file} size="lg" />
                <span className={styles['name']}>{name}</span>
                <span className={styles['detail']}>
                  {file.isMissing ? t.missing : formatWhen(file.openedAt, language)}
                </span>
              </button>
              <span className={styles['forget']}>
                <IconButton
                  size="sm"
                  label={fill(t.forgetRecentNamed, { name })}
                  icon={<X size={13} aria-hidden />}
                  onClick={() => void forgetRecent(file.path)}
                />
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
