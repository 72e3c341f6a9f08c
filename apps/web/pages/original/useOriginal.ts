import { PasswordException, type PDFDocumentProxy } from "pdfjs-dist";
import { useEffect, useState } from "react";
import type { DocumentAnswer } from "../api/answers.ts";
import { openPdf } from "./openPdf.ts";

export type Original =
  | { readonly kind: "opening" }
  | { readonly kind: "open"; readonly pdf: PDFDocumentProxy; readonly ratio: number }
  | { readonly kind: "failed"; readonly words: string };

/** The original of a document, open as long as it is shown. `ratio` is the height of its first page by its width. */
export function useOriginal({ id, sizeBytes }: Pick<DocumentAnswer, "id" | "sizeBytes">): Original {
  const [original, setOriginal] = useState<Original>({ kind: "opening" });
  useEffect(() => {
    let isShown = true;
    const show = (next: Original) => {
      if (isShown) {
        setOriginal(next);
      }
    };
    const task = openPdf({ id, sizeBytes }, (error) => show({ kind: "failed", words: wordsOf(error) }));
    show({ kind: "opening" });
    task.promise
      .then(async (pdf) => {
        const { width, height } = (await pdf.getPage(1)).getViewport({ scale: 1 });
        show({ kind: "open", pdf, ratio: height / width });
      })
      .catch((error: unknown) => show({ kind: "failed", words: wordsOf(error) }));
    return () => {
      isShown = false;
      void task.destroy();
    };
  }, [id, sizeBytes]);
  return original;
}

function wordsOf(error: unknown): string {
  return error instanceof PasswordException
    ? "It is protected by a password. Download it and open it with your PDF program."
    : "It may be damaged, or the connection was lost. Try again, or download it and open it with your PDF program.";
}
