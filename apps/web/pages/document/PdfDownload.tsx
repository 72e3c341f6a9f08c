import { useState } from "react";
import { access } from "../api/access.ts";
import { downloadOnceMade } from "../api/download.ts";
import { announce } from "../layout/announce.ts";
import { problemWords } from "../parts/ProblemNote.tsx";

const millisecondsPerSecond = 1_000;

/** The searchable PDF to be saved. It is made when it is first asked for: that it is being made is said meanwhile. */
export function PdfDownload({ path }: { readonly path: string }) {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function save(): Promise<void> {
    setBusy(true);
    setProblem(null);
    announce("The searchable PDF is being made.");
    try {
      await downloadOnceMade(path, (asked) => access().fetch(asked), wait);
      announce("The searchable PDF is downloaded.");
    } catch (error) {
      setProblem(problemWords(error as Error));
    }
    setBusy(false);
  }

  return (
    <>
      <button
        type="button"
        className="button"
        aria-label={isBusy ? undefined : "Searchable PDF: its pages with their text, download"}
        aria-disabled={isBusy}
        onClick={() => {
          if (!isBusy) void save();
        }}
      >
        {isBusy ? "Making the PDF…" : "Searchable PDF"}
      </button>
      {problem === null ? null : (
        <p className="download-problem" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}

function wait(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * millisecondsPerSecond));
}
