import type { DocumentAnswer } from "../api/answers.ts";
import { ConfirmDialog } from "../parts/ConfirmDialog.tsx";

interface Props {
  readonly document: DocumentAnswer;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

export function DeleteDialog({ document, onConfirm, onClose }: Props) {
  return (
    <ConfirmDialog
      title="Delete this document?"
      action="Delete"
      isDangerous
      onConfirm={onConfirm}
      onClose={onClose}
    >
      <p>
        <strong>{document.filename}</strong>, its pages and all that was read of them are erased from Quire.
        This cannot be undone. The file on your own computer stays as it is.
      </p>
    </ConfirmDialog>
  );
}
