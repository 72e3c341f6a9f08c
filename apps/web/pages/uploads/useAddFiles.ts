import type { Quality } from "@quire/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { fetchSettings } from "../api/documents.ts";
import { queryKeys } from "../api/queryKeys.ts";
import { announce } from "../layout/announce.ts";
import { problemWords } from "../parts/ProblemNote.tsx";
import { counted } from "../wording/sizes.ts";
import { checkFile, type Refusal } from "./checkFile.ts";
import { useUploadQueue } from "./UploadsContext.ts";

/** Refused files that are named; beyond, their number says enough. */
const maxRefusalsShown = 20;

/** How the next uploads are to be read. */
export interface UploadOptions {
  readonly languages: readonly string[];
  /** Null: as the server does by default. */
  readonly quality: Quality | null;
}

/** Checks files and hands those in order to the uploads; the others are `refusals`, of the last choice. */
export function useAddFiles({ languages, quality }: UploadOptions) {
  const [refusals, setRefusals] = useState<readonly Refusal[]>([]);
  const client = useQueryClient();
  const uploads = useUploadQueue();

  async function addFiles(files: readonly File[]): Promise<void> {
    try {
      const settings = await client.ensureQueryData({
        queryKey: queryKeys.settings,
        queryFn: ({ signal }) => fetchSettings(signal),
      });
      const refused: Refusal[] = [];
      const accepted: File[] = [];
      for (const file of files) {
        const refusal = await checkFile(file, settings);
        if (refusal === null) {
          accepted.push(file);
        } else if (refused.length < maxRefusalsShown) {
          refused.push(refusal);
        }
      }
      setRefusals(refused);
      if (accepted.length > 0) {
        announce(`Uploading ${counted(accepted.length, "file", "files")}.`);
        await uploads.add(accepted, { languages: languages.join(","), ...(quality && { quality }) });
      }
    } catch (error) {
      setRefusals([
        { name: "Nothing was uploaded", words: `${problemWords(error as Error)} Then choose again.` },
      ]);
    }
  }

  return { addFiles, refusals, clearRefusals: () => setRefusals([]) };
}
