import { useState } from "react";
import type { DocumentAnswer } from "../api/answers.ts";
import { possibleActions } from "../wording/status.ts";
import { DeleteDialog } from "./DeleteDialog.tsx";
import type { useDocumentActions } from "./useDocumentActions.ts";

interface Props {
  readonly document: DocumentAnswer;
  readonly actions: ReturnType<typeof useDocumentActions>;
}

export function DocumentRowButtons({ document, actions }: Props) {
  const [isAsking, setAsking] = useState(false);
  const { canCancel, canRetry } = possibleActions(document);
  const button = (words: string, onClick: () => void) => (
    <button
      type="button"
      className="button"
      aria-label={`${words}: ${document.filename}`}
      disabled={actions.isBusy}
      onClick={onClick}
    >
      {words}
    </button>
  );
  return (
    <div className="button-row">
      {canCancel ? button("Cancel", () => actions.perform("cancel")) : null}
      {canRetry ? button("Try again", () => actions.perform("retry")) : null}
      {button("Delete", () => setAsking(true))}
      {isAsking ? (
        <DeleteDialog document={document} onConfirm={actions.erase} onClose={() => setAsking(false)} />
      ) : null}
    </div>
  );
}
