import type { DocumentAnswer, PageAnswer } from "../api/answers.ts";
import { useDocumentActions } from "../documents/useDocumentActions.ts";
import { Note } from "../parts/Note.tsx";
import { explain } from "../wording/errors.ts";
import { possibleActions } from "../wording/status.ts";
import { PageAbsent } from "./PageAbsent.tsx";
import { PagePicture } from "./PagePicture.tsx";
import { ReadPage } from "./ReadPage.tsx";
import "./PageView.css";

interface Props {
  readonly document: DocumentAnswer;
  /** Undefined while it has not been read. */
  readonly page: PageAnswer | undefined;
  readonly pageNumber: number;
  readonly hasNext: boolean;
  readonly query: string;
  readonly isMarking: boolean;
  readonly isPending: boolean;
}

/** One page, whatever became of it. */
export function PageView({ document, page, pageNumber, hasNext, query, isMarking, isPending }: Props) {
  if (page === undefined) {
    return isPending ? (
      <p className="muted">Looking for the page…</p>
    ) : (
      <PageAbsent document={document} pageNumber={pageNumber} />
    );
  }
  switch (page.outcome) {
    case "failed":
      return <FailedPage document={document} page={page} />;
    case "blank":
      return (
        <>
          <Note title="This page is blank.">
            <p className="muted">Nothing was found on it that could be read.</p>
          </Note>
          <PagePicture page={page} words={[]} isMarking={false} isMatch={null} />
        </>
      );
    default:
      return <ReadPage id={document.id} page={page} hasNext={hasNext} query={query} isMarking={isMarking} />;
  }
}

function FailedPage({ document, page }: { readonly document: DocumentAnswer; readonly page: PageAnswer }) {
  const actions = useDocumentActions(document);
  const { what, remedy } = explain(page.error ?? { code: "page_unreadable", message: "" });
  return (
    <>
      <Note tone="bad" title="This page could not be read.">
        <p>
          {what} {remedy}
        </p>
        {possibleActions(document).canRetry ? (
          <>
            <button
              type="button"
              className="button"
              disabled={actions.isBusy}
              onClick={() => actions.perform("retry")}
            >
              Try again
            </button>
            <p className="small">All pages that could not be read are tried once more; the others stay.</p>
          </>
        ) : null}
      </Note>
      {page.previewUrl === null ? null : (
        <PagePicture page={page} words={[]} isMarking={false} isMatch={null} />
      )}
    </>
  );
}
