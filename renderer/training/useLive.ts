import { useEffect, useEffectEvent } from 'react';

/** Pictures a second that a network is shown at most; a slow one sets its own pace. */
const perSecond = 10;

/** Does something with what a camera shows, over and over, one after the other; nothing while there is no camera. */
export function useLive(video: HTMLVideoElement | null, show: (video: HTMLVideoElement) => Promise<void>): void {
  const showNow = useEffectEvent(show);
  useEffect(() => {
    if (video === null) return undefined;
    let isGone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const next = async (): Promise<void> => {
      await showNow(video);
      if (!isGone) timer = setTimeout(() => void next(), 1000 / perSecond);
    };
    void next();
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [video]);
}
