import { useEffect, useState } from 'react';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import type { HostApi } from '../../shared/host/api';
import { currentHost, useReadyHost } from '../store';
import { clearRecordings, goOnWith, hasChanges, showPictures, useRecordings } from './recordings';
import type { RecordedPicture } from './recordings';

/** Recordings that can be gone on with. */
export type Earlier = {
  readonly dirs: readonly string[];
  /** Until the one that is asked for is there, nothing is recorded that would be lost by it. */
  readonly isOpening: boolean;
  readonly failures: readonly Diagnostic[];
  /** Goes on with the recording in a folder; null: begins a new one. */
  readonly choose: (dir: string | null) => void;
};

/** Whether a new recording is begun already: a name that was typed would be lost, too. */
function isBegun(): boolean {
  const recordings = useRecordings.getState();
  return hasChanges(recordings) || recordings.classes.some(({ name, isKept }) => !isKept && name !== '');
}

/** Finds the earlier recordings, and goes on with that which is the data now, unless something else is begun. */
export function useEarlier(dataDir: string | null): Earlier {
  const host = useReadyHost();
  const [dirs, setDirs] = useState<readonly string[]>([]);
  const [isOpening, setOpening] = useState(false);
  const [failures, setFailures] = useState<readonly Diagnostic[]>([]);
  const open = async (from: HostApi, dir: string): Promise<void> => {
    setOpening(true);
    const answer = await from.request('data.recording', { dir });
    setOpening(false);
    setFailures(answer.ok ? [] : answer.diagnostics);
    if (answer.ok) goOnWith(answer.value);
  };
  useEffect(() => {
    if (host === null) return undefined;
    let isCurrent = true;
    const find = async (): Promise<void> => {
      const answer = await host.request('data.recordings', { dir: dataDir });
      if (!isCurrent || !answer.ok) return;
      setDirs(answer.value);
      if (isBegun()) return;
      const [first] = answer.value;
      if (first !== undefined && first === dataDir) await open(host, first);
      else clearRecordings();
    };
    void find();
    return () => {
      isCurrent = false;
    };
  }, [host, dataDir]);
  const choose = (dir: string | null): void => {
    setFailures([]);
    if (dir === null) clearRecordings();
    else if (host !== null) void open(host, dir);
  };
  return { dirs, isOpening, failures, choose };
}

/** Reads those of some pictures of a class that are on disk and were not read yet. */
export function useKeptPictures(id: number, name: string, pictures: readonly RecordedPicture[]): void {
  const dir = useRecordings(({ earlier }) => earlier?.dir ?? null);
  const wanted = pictures.flatMap(({ of, url }) => (typeof of === 'string' && url === null ? [of] : []));
  const key = wanted.join();
  useEffect(() => {
    if (dir === null || key === '') return undefined;
    let isCurrent = true;
    const files = key.split(',');
    void currentHost()
      ?.request('data.recorded', { dir, name, files })
      .then((answer) => {
        if (!isCurrent || !answer.ok) return;
        let start = 0;
        const urls = new Map<string, string>();
        for (const [at, file] of files.entries()) {
          const end = start + (answer.value.lengths[at] ?? 0);
          const bytes = new Uint8Array(answer.value.bytes.subarray(start, end));
          if (end > start) urls.set(file, URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' })));
          start = end;
        }
        showPictures(id, urls);
      });
    return () => {
      isCurrent = false;
    };
  }, [dir, id, name, key]);
}
