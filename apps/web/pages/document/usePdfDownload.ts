import { useState } from "react";
import { access } from "../api/access.ts";
import { documentPath } from "../api/documents.ts";
import { downloadOnceMade } from "../api/download.ts";
import { announce } from "../layout/announce.ts";

const millisecondsPerSecond = 1_000;

/** Has the searchable PDF of a document made, which happens when it is first asked for, and saved. */
export function usePdfDownload(id: string) {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);

  async function save(): Promise<void> {
    setBusy(true);
    setError(null);
    announce("The searchable PDF is being made.");
    try {
      await downloadOnceMade(documentPath(id, "/pdf"), (path) => access().fetch(path), wait);
      announce("The searchable PDF is downloaded.");
    } catch (refused) {
      setError(refused as Error);
    }
    setBusy(false);
  }

  return { isBusy, error, save: () => void (isBusy || save()) };
}

function wait(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * millisecondsPerSecond));
}
