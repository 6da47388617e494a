import { Suspense } from 'react';
import { useText } from '../i18n';
import { Dialog } from '../ui';
import { later } from '../ui/later';
import { closeFigureExport, useFigureExport } from './exportStore';

const FigureForm = later(async () => (await import('./FigureForm')).FigureForm);

/** Writes a figure or a table of the network, which is shown as it will be. */
export function FigureExportDialog() {
  const { t } = useText('volumes');
  const isOpen = useFigureExport((state) => state.isOpen);
  return (
    <Dialog isOpen={isOpen} onClose={closeFigureExport} title={t.exportTitle} description={t.exportHint} width="lg">
      {isOpen ? (
        <Suspense>
          <FigureForm />
        </Suspense>
      ) : null}
    </Dialog>
  );
}
