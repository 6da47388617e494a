import { text, type Text } from '../text';

/** A device as engines name it, `CPU, 2 threads (EPYC)`, for sentences in both languages; names of products stay as they are. */
export function deviceText(device: string): Text {
  return text(
    device,
    device.replace(/, (\d+|one) threads?/, (_, count: string) => `，${count === 'one' ? '1' : count} 线程`),
  );
}
