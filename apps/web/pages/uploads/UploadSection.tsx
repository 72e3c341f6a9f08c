import type { Quality } from "@quire/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchSettings } from "../api/documents.ts";
import { queryKeys } from "../api/queryKeys.ts";
import { DropZone } from "./DropZone.tsx";
import { defaultLanguages, LanguageChoice } from "./LanguageChoice.tsx";
import { QualityChoice } from "./QualityChoice.tsx";
import { RefusedFiles } from "./RefusedFiles.tsx";
import { UploadList } from "./UploadList.tsx";
import { useAddFiles } from "./useAddFiles.ts";

/** Where documents come in: choose or drop, and see them go. */
export function UploadSection({ onAdd }: { readonly onAdd: () => void }) {
  const settings = useQuery({
    queryKey: queryKeys.settings,
    queryFn: ({ signal }) => fetchSettings(signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });
  const installed = settings.data?.languages ?? [];
  const [chosen, setChosen] = useState<readonly string[] | null>(null);
  const languages = chosen ?? defaultLanguages;
  const [quality, setQuality] = useState<Quality | null>(null);
  const { addFiles, refusals, clearRefusals } = useAddFiles({ languages, quality });

  return (
    <section aria-labelledby="upload-heading" className="upload-section">
      <h2 id="upload-heading" className="visually-hidden">
        Upload
      </h2>
      <DropZone
        settings={settings.data}
        onFiles={(files) => {
          onAdd();
          void addFiles(files);
        }}
      >
        <LanguageChoice installed={installed} chosen={languages} onChange={setChosen} />
        {settings.data === undefined ? null : (
          <QualityChoice chosen={quality ?? settings.data.quality} onChange={setQuality} />
        )}
      </DropZone>
      <RefusedFiles refusals={refusals} onClear={clearRefusals} />
      <UploadList />
    </section>
  );
}
