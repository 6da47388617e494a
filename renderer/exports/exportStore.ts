import { create } from 'zustand';
import type { ExportTargetId } from '../../shared/schema/exports';

/** Where the target of the last export is kept. */
export const lastTarget = 'export.target';

/** Whether the export dialog is open, and what it was opened for; null is what was exported last. */
export const useExport = create<{ readonly isOpen: boolean; readonly target: ExportTargetId | null }>(() => ({
  isOpen: false,
  target: null,
}));

/** Opens the export dialog. */
export function openExport(target: ExportTargetId | null = null): void {
  useExport.setState({ isOpen: true, target });
}

/** Closes the export dialog. */
export function closeExport(): void {
  useExport.setState({ isOpen: false });
}
