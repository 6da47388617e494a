import { FileX2 } from 'lucide-react';
import { useRequest } from '../store/useRequest';
import { NetworkThumbnail } from './NetworkThumbnail';
import styles from './RecentPicture.module.css';
import type { RecentFile } from './recents';

type RecentPictureProps = { readonly file: RecentFile; readonly size?: 'sm' | 'lg' };

/** The network of a recent file in small. It is read as an import is: looking at a file is not opening it. */
export function RecentPicture({ file: { path, isMissing }, size = 'sm' }: RecentPictureProps) {
  const { value } = useRequest('import.read', isMissing ? null : { path });
  return (
    <span className={styles['picture']} data-size={size} aria-hidden="true">
      {isMissing ? <FileX2 size={size === 'sm' ? 14 : 20} /> : null}
      {value === null ? null : <NetworkThumbnail document={value.document} />}
    </span>
  );
}
