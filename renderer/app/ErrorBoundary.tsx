import type { ReactNode } from 'react';
import { Component } from 'react';
import { messages } from '../i18n';
import { useUi } from '../store';
import { Button } from '../ui/Button';
import { EmptyState } from '../ui/EmptyState';
import { reportFault } from './watchFaults';

type Props = { readonly children: ReactNode };
type State = { readonly fault: Error | null };

/** Keeps a fault in one panel from taking the others, and the network, with it. React knows this only as a class. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { fault: null };

  static getDerivedStateFromError(fault: unknown): State {
    return { fault: fault instanceof Error ? fault : new Error(String(fault)) };
  }

  override componentDidCatch(fault: unknown): void {
    reportFault(fault, true);
  }

  override render(): ReactNode {
    const { fault } = this.state;
    if (!fault) return this.props.children;
    const t = messages('app', useUi.getState().language);
    return (
      <div role="alert" style={{ height: '100%' }}>
        <EmptyState title={t.crashed} hint={`${t.crashedHint} (${fault.message})`}>
          <Button onClick={() => this.setState({ fault: null })}>{t.reload}</Button>
        </EmptyState>
      </div>
    );
  }
}
