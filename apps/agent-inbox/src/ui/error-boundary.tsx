import { Component, type ErrorInfo, type ReactNode } from 'react';
import { useWords } from '../words/words.tsx';

/** Keeps a failure inside its pane, with a way to try again and to hand over what happened. */
export class ErrorBoundary extends Component<
  { children: ReactNode; resetKey?: string },
  { details?: string }
> {
  override state: { details?: string } = {};

  override componentDidCatch(error: Error, { componentStack }: ErrorInfo): void {
    this.setState({
      details: `${error.stack ?? error.message}\n${componentStack ?? ''}\n${navigator.userAgent}`,
    });
  }

  static getDerivedStateFromError(error: Error): { details: string } {
    return { details: error.message };
  }

  override componentDidUpdate(before: { resetKey?: string }): void {
    if (before.resetKey !== this.props.resetKey && this.state.details) this.setState({ details: undefined });
  }

  override render(): ReactNode {
    const { details } = this.state;
    if (details === undefined) return this.props.children;
    return <Failure details={details} onRetry={() => this.setState({ details: undefined })} />;
  }
}

function Failure({ details, onRetry }: { details: string; onRetry: () => void }): ReactNode {
  const words = useWords();
  return (
    <div className="empty" role="alert">
      <p className="empty-title">{words.failed.pane}</p>
      <p>{words.failed.paneText}</p>
      <div className="button-row">
        <button type="button" className="button" onClick={onRetry}>
          {words.retry}
        </button>
        <button
          type="button"
          className="button quiet"
          onClick={() => void navigator.clipboard.writeText(details)}
        >
          {words.failed.copyDetails}
        </button>
      </div>
    </div>
  );
}
