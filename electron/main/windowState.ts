import { join } from 'node:path';
import type { BrowserWindow, Rectangle } from 'electron';
import { screen } from 'electron';
import { z } from 'zod';
import { createJsonStore } from '../files/jsonStore';

const stateSchema = z.object({
  bounds: z.object({ x: z.int(), y: z.int(), width: z.int().min(640), height: z.int().min(480) }).nullable(),
  isMaximized: z.boolean(),
});

/** Where the window was when it was last closed. */
export type WindowState = z.infer<typeof stateSchema>;

const fallback: WindowState = { bounds: null, isMaximized: false };

/** A window that was on a display which is no longer there would be nowhere: half of it must be on one. */
function isVisible(bounds: Rectangle): boolean {
  return screen.getAllDisplays().some(({ workArea }) => {
    const width = Math.min(bounds.x + bounds.width, workArea.x + workArea.width) - Math.max(bounds.x, workArea.x);
    const height = Math.min(bounds.y + bounds.height, workArea.y + workArea.height) - Math.max(bounds.y, workArea.y);
    return width > 0 && height > 0 && width * height * 2 >= bounds.width * bounds.height;
  });
}

/** Remembers the window's place in `window.json` of the data folder. */
export function createWindowStateStore(dataDir: string) {
  const store = createJsonStore(
    join(dataDir, 'window.json'),
    stateSchema,
    fallback,
    () => undefined,
    () => new Date(),
  );
  let saving: Promise<unknown> = Promise.resolve();
  return {
    /** Settles when the last window's place is on disk. */
    settled: async (): Promise<void> => {
      await saving;
    },
    read: async (): Promise<WindowState> => {
      const state = await store.read();
      return state.bounds !== null && !isVisible(state.bounds) ? { ...state, bounds: null } : state;
    },
    follow: (window: BrowserWindow): void => {
      window.on('close', () => {
        const state: WindowState = { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() };
        // Not knowing where a window was is no reason to disturb the user.
        saving = store.update(() => state).catch(() => undefined);
      });
    },
  };
}
