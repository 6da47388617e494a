import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { requestCancelled } from '../../shared/diagnostics/catalog/host';
import type { HostApi, HostRequests } from '../../shared/host/api';

/** Bytes of one message: the page and the host stay free for others between two. */
const partBytes = 4 * 1024 * 1024;

export type UploadOptions = {
  readonly signal: AbortSignal;
  /** Told the share that has arrived, from 0 to 1. */
  readonly tell: (share: number) => void;
};

/** Brings files of the page into one folder of the host, part by part. Gives where the first of them is. */
export async function uploadFiles(
  host: HostApi,
  files: readonly File[],
  { signal, tell }: UploadOptions,
): Promise<Result<string>> {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const paths: string[] = [];
  let upload: string | null = null;
  let sent = 0;
  for (const file of files) {
    for (let at = 0; at === 0 || at < file.size; at += partBytes) {
      const bytes = new Uint8Array(await file.slice(at, at + partBytes).arrayBuffer());
      const answer: Result<HostRequests['import.receive'][1]> = await host.request(
        'import.receive',
        { upload, name: file.name, bytes },
        signal,
      );
      if (!answer.ok) return answer;
      if (at === 0) paths.push(answer.value.path);
      upload = answer.value.upload;
      sent += bytes.length;
      tell(total === 0 ? 1 : sent / total);
    }
  }
  const [first] = paths;
  return first === undefined ? failure(requestCancelled('import.receive')) : success(first);
}
