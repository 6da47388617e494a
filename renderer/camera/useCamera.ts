import { useCallback, useEffect, useState } from 'react';

/** Why there is no picture from a camera. */
export type CameraFault = 'unsupported' | 'none' | 'denied' | 'busy' | 'lost';

/** How the camera stands. */
export type CameraState =
  | { readonly status: 'off' | 'starting' | 'on' }
  | { readonly status: 'failed'; readonly fault: CameraFault };

/** What the names of the browser's errors mean (Media Capture and Streams, section 10.3.1). */
const faults: Readonly<Record<string, CameraFault>> = {
  NotFoundError: 'none',
  OverconstrainedError: 'none',
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotReadableError: 'busy',
  AbortError: 'busy',
};

/** The fault that an error of the browser's tells. */
export function faultOf(error: unknown): CameraFault {
  const name = error instanceof Error ? error.name : '';
  return faults[name] ?? 'unsupported';
}

function stop(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

async function show(video: HTMLVideoElement, stream: MediaStream): Promise<void> {
  video.srcObject = stream;
  await video.play();
}

function hide(video: HTMLVideoElement): void {
  video.srcObject = null;
}

/** Shows the camera in a video element while `isWanted`, and turns it off as soon as that ends or the page leaves it. */
export function useCamera(isWanted: boolean): {
  readonly state: CameraState;
  readonly video: HTMLVideoElement | null;
  /** Goes to the video element. */
  readonly attach: (element: HTMLVideoElement | null) => void;
  readonly retry: () => void;
} {
  const [video, attach] = useState<HTMLVideoElement | null>(null);
  const [state, setState] = useState<CameraState>({ status: 'off' });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (!isWanted || video === null) return undefined;
    let stream: MediaStream | null = null;
    let isGone = false;
    const isStill = (): boolean => !isGone;
    const fail = (fault: CameraFault): void => {
      if (isStill()) setState({ status: 'failed', fault });
    };
    const start = async (): Promise<void> => {
      setState({ status: 'starting' });
      // Absent where the page is not trusted with it: the browser's types do not say so.
      const devices = navigator.mediaDevices as MediaDevices | undefined;
      if (devices === undefined) {
        fail('unsupported');
        return;
      }
      const opened = await devices.getUserMedia({
        audio: false,
        video: { width: { ideal: 640 }, height: { ideal: 480 } },
      });
      // Nobody wants it any more: it took its time.
      if (!isStill()) {
        stop(opened);
        return;
      }
      stream = opened;
      for (const track of opened.getVideoTracks()) track.addEventListener('ended', () => fail('lost'));
      await show(video, opened);
      if (isStill()) setState({ status: 'on' });
    };
    start().catch((error: unknown) => {
      stop(stream);
      fail(faultOf(error));
    });
    return () => {
      isGone = true;
      stop(stream);
      hide(video);
      setState({ status: 'off' });
    };
  }, [isWanted, video, attempt]);
  return { state, video, attach, retry: useCallback(() => setAttempt((count) => count + 1), []) };
}
