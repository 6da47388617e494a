import type { EngineId } from '../../schema/training';
import type { Text } from '../../text';

/* What a host says of the machine, and of itself. */

/** What this host can do. The UI asks this and never for a platform's name. */
export type HostInfo = {
  readonly version: string;
  readonly form: 'electron' | 'browser' | 'memory';
  /** Native open and save dialogs; without them the app shows its own file browser over `files.list`. */
  readonly nativeDialogs: boolean;
  readonly systemLanguage: string;
  /** Where projects are offered to be saved. */
  readonly projectsDir: string;
  readonly memoryBytes: number;
  readonly cpuCount: number;
};

export type EngineReport = {
  readonly id: EngineId;
  readonly label: string;
  readonly available: boolean;
  readonly device?: string;
  readonly versions?: { readonly [name: string]: string };
  /** For one that cannot run: the exact failing piece, and the mend, if anything helps. */
  readonly why?: Text;
  readonly mend?: Text;
  /** For one that runs on less than the best device that it could have: which, why not, and the mend, if anything can be done. */
  readonly passedOver?: { readonly device: string; readonly why: Text; readonly mend: Text | null };
  /** Set on the one that 'auto' picks. */
  readonly chosen: boolean;
};

/** One thing about this machine that the app depends on. */
export type HealthCheck = {
  readonly id: string;
  /** 'warning': works, and will not for everything; 'fault': something that the app does fails. */
  readonly state: 'fine' | 'warning' | 'fault';
  readonly what: Text;
  readonly mend: Text | null;
};

/** A folder of the app's, what it takes on the disk, and how much of that can go without a loss. */
export type StorageUse = {
  /** 'runs': the checkpoints of complete runs can go; 'caches': all of it can. The others are only named. */
  readonly id: 'runs' | 'caches' | 'engine' | 'data' | 'log' | 'projects';
  readonly dir: string;
  readonly bytes: number;
  readonly files: number;
  readonly freeableBytes: number;
  /** Of runs: how many there are. */
  readonly entries?: number;
};

/** A process of the app that ended by its own fault, with a report beside the log. */
export type CrashNote = {
  readonly at: string;
  readonly source: 'host' | 'page' | 'trainer';
  readonly message: string;
};

export type Settings = {
  readonly language: 'system' | 'en' | 'zh';
  readonly theme: 'system' | 'light' | 'dark';
  readonly engine: EngineId | 'auto';
  /** Changes of a network that has a file are written to it by themselves. */
  readonly autosave: boolean;
  /** Panel sizes and such; the renderer's own business. */
  readonly layout: { readonly [key: string]: number | string | boolean };
};

/** An entry of the native application menu, for hosts that have one. Choosing it sends `id` as an 'app.command'. */
export type MenuEntry = {
  readonly id: string;
  readonly label: string;
  /** As `Mod+Shift+S`; only a combination that the page acts on. */
  readonly keys?: string;
  /** A new one draws a line above the entry. */
  readonly section: number;
};

/** The app's part of the native menu; what the system adds (quit, the clipboard of text fields) is the host's. */
export type AppMenu = {
  readonly [menu in 'file' | 'edit' | 'view' | 'learn' | 'help']: {
    readonly label: string;
    readonly entries: readonly MenuEntry[];
  };
};
