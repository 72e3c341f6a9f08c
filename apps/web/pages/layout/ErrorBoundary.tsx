import { Component, type ReactNode } from "react";
import { Note } from "../parts/Note.tsx";

interface Props {
  readonly children: ReactNode;
  /** In place of a part that broke; without it the whole page says so. */
  readonly fallback?: ReactNode;
}

interface State {
  readonly isBroken: boolean;
}

/** Where a page breaks (or a part of it is gone since Quire was updated), it says so instead of vanishing. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { isBroken: false };

  static getDerivedStateFromError(): State {
    return { isBroken: true };
  }

  override render(): ReactNode {
    if (!this.state.isBroken) {
      return this.props.children;
    }
    return this.props.fallback ?? <BrokenPage />;
  }
}

function BrokenPage() {
  return (
    <div className="column" role="alert">
      <h1>This page cannot be shown</h1>
      <Note>
        <p>Quire may have been updated in the meantime. Your documents are safe.</p>
        <button type="button" className="button button-main" onClick={() => location.reload()}>
          Reload the page
        </button>
      </Note>
    </div>
  );
}
