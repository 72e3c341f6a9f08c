import type { DocumentAnswer } from "../api/answers.ts";
import { Note } from "../parts/Note.tsx";
import { counted } from "../wording/sizes.ts";
import { OriginalPage } from "./OriginalPage.tsx";
import { useOriginal } from "./useOriginal.ts";
import "./OriginalPdf.css";

/** The PDF as it was sent, page under page. */
export default function OriginalPdf({ document }: { readonly document: DocumentAnswer }) {
  const original = useOriginal(document);
  if (original.kind === "opening") {
    return <p className="muted">Opening the original…</p>;
  }
  if (original.kind === "failed") {
    return (
      <div role="alert">
        <Note tone="bad" title="The original cannot be shown here.">
          <p>{original.words}</p>
        </Note>
      </div>
    );
  }
  const { pdf, ratio } = original;
  return (
    <section className="original" aria-labelledby="original-heading">
      <h2 id="original-heading">The original, {counted(pdf.numPages, "page", "pages")}</h2>
      <ol className="original-pages">
        {Array.from({ length: pdf.numPages }, (_, index) => index + 1).map((pageNumber) => (
          <OriginalPage key={pageNumber} pdf={pdf} pageNumber={pageNumber} expectedRatio={ratio} />
        ))}
      </ol>
    </section>
  );
}
