import { UploadRow } from "./UploadRow.tsx";
import { useUploads } from "./UploadsContext.ts";
import "./UploadList.css";

/** The uploads of this browser; nothing where there are none. */
export function UploadList() {
  const uploads = useUploads();
  if (uploads.length === 0) {
    return null;
  }
  return (
    <ul className="upload-list" aria-label="Uploads">
      {uploads.map((upload) => (
        <UploadRow key={upload.id} upload={upload} />
      ))}
    </ul>
  );
}
