import { useState } from "react";
import { ConfirmDialog } from "../parts/ConfirmDialog.tsx";
import { ProblemNote } from "../parts/ProblemNote.tsx";
import { count, counted } from "../wording/sizes.ts";
import { reprocessedAtOnce, useReprocessOlder } from "./useReprocessOlder.ts";

/** Documents that an older reader read, and the way to have them read again. Nothing where there are none. */
export function OlderReader({ documents }: { readonly documents: number }) {
  const { reprocess, isBusy, error } = useReprocessOlder();
  const [isAsked, setAsked] = useState(false);
  if (documents === 0 && error === null) return null;
  return (
    <section className="operations-section" aria-labelledby="older-heading">
      <div className="operations-section-heading">
        <h2 id="older-heading">Documents read by an older reader</h2>
        <button
          type="button"
          className="button"
          disabled={isBusy || documents === 0}
          onClick={() => setAsked(true)}
        >
          Re-read documents read by an older reader ({count(documents)})
        </button>
      </div>
      {error === null ? null : <ProblemNote title="The documents could not be queued." error={error} />}
      {isAsked ? (
        <ConfirmDialog
          title="Re-read documents read by an older reader?"
          action="Re-read"
          onConfirm={() => reprocess()}
          onClose={() => setAsked(false)}
        >
          <p>
            {documents > reprocessedAtOnce
              ? `The newest ${count(reprocessedAtOnce)} of ${count(documents)} documents are queued`
              : `${counted(documents, "document is", "documents are")} queued`}{" "}
            behind all new uploads. Their results stay until the new ones are complete.
          </p>
        </ConfirmDialog>
      ) : null}
    </section>
  );
}
