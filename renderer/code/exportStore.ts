import { create } from 'zustand';

/** Whether the export dialog is open. */
export const useExport = create<{ readonly isOpen: boolean }>(() => ({ isOpen: false }));

/** Opens the export dialog. */
export function openExport(): void {
  useExport.setState({ isOpen: true });
}

/** Closes the export dialog. */
export function closeExport(): void {
  useExport.setState({ isOpen: false });
}
