import { create } from 'zustand';

/** Whether the dialog that exports figures and tables is open. */
export const useFigureExport = create<{ readonly isOpen: boolean }>(() => ({ isOpen: false }));

/** Opens the dialog that exports figures and tables. */
export function openFigureExport(): void {
  useFigureExport.setState({ isOpen: true });
}

/** Closes it. */
export function closeFigureExport(): void {
  useFigureExport.setState({ isOpen: false });
}
