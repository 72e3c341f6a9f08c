import { useState } from "react";
import type { DocumentAnswer } from "../api/answers.ts";
import { DeleteDialog } from "../documents/DeleteDialog.tsx";
import type { useDocumentActions } from "../documents/useDocumentActions.ts";
import { ConfirmDialog } from "../parts/ConfirmDialog.tsx";
import { possibleActions } from "../wording/status.ts";

interface Props {
  readonly document: DocumentAnswer;
  readonly actions: ReturnType<typeof useDocumentActions>;
}

export function DocumentButtons({ document, actions }: Props) {
  const [asked, setAsked] = useState<"delete" | "readAnew" | null>(null);
  const { canCancel, canRetry, canReadAnew } = possibleActions(document);
  const close = () => setAsked(null);
  const button = (words: string, onClick: () => void) => (
    <button type="button" className="button" disabled={actions.isBusy} onClick={onClick}>
      {words}
    </button>
  );
  return (
    <div className="button-row">
      {canCancel ? button("Cancel", () => actions.perform("cancel")) : null}
      {canRetry ? button("Try again", () => actions.perform("retry")) : null}
      {canReadAnew ? button("Run OCR again", () => setAsked("readAnew")) : null}
      {button("Delete", () => setAsked("delete"))}
      {asked === "delete" ? (
        <DeleteDialog document={document} onConfirm={actions.erase} onClose={close} />
      ) : null}
      {asked === "readAnew" ? (
        <ConfirmDialog
          title="Run OCR on this document again?"
          action="Run OCR again"
          onConfirm={() => actions.perform("reprocess")}
          onClose={close}
        >
          <p>
            All pages are read again from the original file, for instance after an update. The results you see
            now stay until the new ones are complete.
          </p>
        </ConfirmDialog>
      ) : null}
    </div>
  );
}
