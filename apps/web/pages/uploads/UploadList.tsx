import { UploadRow } from "./UploadRow.tsx";
import { useUploadQueue, useUploads } from "./UploadsContext.ts";
import { isUnfinished } from "./upload.ts";
import "./UploadList.css";

/** The uploads of this browser; nothing where there are none. */
export function UploadList() {
  const uploads = useUploads();
  const { validHours } = useUploadQueue();
  if (uploads.length === 0) {
    return null;
  }
  return (
    <>
      <ul className="upload-list" aria-label="Uploads">
        {uploads.map((upload) => (
          <UploadRow key={upload.id} upload={upload} />
        ))}
      </ul>
      {validHours !== null && uploads.some(isUnfinished) ? (
        <p className="muted small">Uploads that are cut or paused can go on within {validHours} hours.</p>
      ) : null}
    </>
  );
}
