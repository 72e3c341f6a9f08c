import { useRef, useState } from "react";
import { useUploadQueue } from "./UploadsContext.ts";
import type { Upload } from "./upload.ts";

const pausable = new Set(["waiting", "sending", "retrying", "heldUp"]);

/** What can be done with an upload as it stands. */
export function UploadButtons({ upload }: { readonly upload: Upload }) {
  const uploads = useUploadQueue();
  const { id, name, state } = upload;
  const button = (words: string, onClick: () => void) => (
    <button type="button" className="button" aria-label={`${words}: ${name}`} onClick={onClick}>
      {words}
    </button>
  );
  if (state.kind === "elsewhere") {
    return null;
  }
  const mayRetry = state.kind === "failed" && state.mayRetry;
  const isOver = state.kind === "done" || state.kind === "failed";
  return (
    <div className="button-row">
      {pausable.has(state.kind) ? button("Pause", () => uploads.pause(id)) : null}
      {state.kind === "paused" ? button("Resume", () => uploads.resume(id)) : null}
      {mayRetry ? button("Try again", () => uploads.resume(id)) : null}
      {state.kind === "fileNeeded" ? <ChooseAgain upload={upload} /> : null}
      {button(isOver ? "Dismiss" : "Cancel", () => uploads.cancel(id))}
    </div>
  );
}

function ChooseAgain({ upload }: { readonly upload: Upload }) {
  const uploads = useUploadQueue();
  const input = useRef<HTMLInputElement>(null);
  const [isAnother, setAnother] = useState(false);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          setAnother(file !== undefined && !uploads.chooseAgain(upload.id, file));
        }}
      />
      {isAnother ? <span role="alert">That is another file.</span> : null}
      <button
        type="button"
        className="button"
        aria-label={`Choose ${upload.name} again`}
        onClick={() => input.current?.click()}
      >
        Choose again
      </button>
    </>
  );
}
