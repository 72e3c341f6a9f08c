import { Link } from "react-router";
import { ProgressBar } from "../parts/ProgressBar.tsx";
import { UploadButtons } from "./UploadButtons.tsx";
import type { Upload } from "./upload.ts";
import { uploadWords } from "./uploadWords.ts";

const withProgress = new Set(["waiting", "sending", "paused", "retrying", "heldUp"]);

export function UploadRow({ upload }: { readonly upload: Upload }) {
  const { state } = upload;
  const isBad = state.kind === "failed" || state.kind === "fileNeeded";
  return (
    <li className="upload-row">
      <div>
        <p className="upload-name">{upload.name}</p>
        <p className={`small ${isBad ? "upload-bad" : "muted"}`}>
          {uploadWords(upload)}
          {state.kind === "done" && state.documentId !== null ? (
            <>
              {" · "}
              <Link to={`/documents/${state.documentId}`} aria-label={`Open ${upload.name}`}>
                Open
              </Link>
            </>
          ) : null}
        </p>
      </div>
      <UploadButtons upload={upload} />
      {withProgress.has(state.kind) ? (
        <ProgressBar label={`Upload of ${upload.name}`} done={upload.sentBytes} of={upload.sizeBytes} />
      ) : null}
    </li>
  );
}
