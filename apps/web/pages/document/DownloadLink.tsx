import { useState } from "react";
import { access } from "../api/access.ts";
import { announce } from "../layout/announce.ts";
import { problemWords } from "../parts/ProblemNote.tsx";

interface Props {
  readonly path: string;
  readonly words: string;
  readonly explanation: string;
}

/** A file to be saved: by a link where that is enough, else fetched first. */
export function DownloadLink({ path, words, explanation }: Props) {
  const fetched = access().inPlaceOfLinks;
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const label = `${words}: ${explanation}, download`;
  if (fetched === null) {
    return (
      <a className="button" href={path} download aria-label={label}>
        {words}
      </a>
    );
  }

  async function save(from: NonNullable<typeof fetched>): Promise<void> {
    setBusy(true);
    setProblem(null);
    try {
      await from.download(path);
      announce(`${words} is downloaded.`);
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
        aria-label={label}
        aria-disabled={isBusy}
        onClick={() => {
          if (!isBusy) void save(fetched);
        }}
      >
        {isBusy ? "Downloading…" : words}
      </button>
      {problem === null ? null : <p role="alert">{problem}</p>}
    </>
  );
}
