import { type ReactNode, useRef } from "react";
import type { SettingsAnswer } from "../api/answers.ts";
import { count, size } from "../wording/sizes.ts";
import { useFileDrop } from "./useFileDrop.ts";
import "./DropZone.css";

interface Props {
  readonly settings: SettingsAnswer | undefined;
  readonly onFiles: (files: readonly File[]) => void;
  readonly children: ReactNode;
}

/** A button for files, and the whole window as a place to drop them. */
export function DropZone({ settings, onFiles, children }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const isOver = useFileDrop(onFiles);
  return (
    <div className={`drop-zone${isOver ? " drop-zone-over" : ""}`}>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        accept={settings?.extensions.map((extension) => `.${extension}`).join(",")}
        onChange={(event) => {
          const chosen = [...(event.target.files ?? [])];
          // The same file can then be chosen once more.
          event.target.value = "";
          onFiles(chosen);
        }}
      />
      <p className="drop-zone-words">{isOver ? "Let go to upload" : "Drop scans, faxes or photos here"}</p>
      <button type="button" className="button button-main" onClick={() => input.current?.click()}>
        Choose files
      </button>
      <p className="muted small">
        PDF, TIFF, JPEG, PNG, WebP, BMP or GIF
        {settings === undefined
          ? null
          : `, up to ${size(settings.maxFileBytes)} and ${count(settings.maxPages)} pages each`}
      </p>
      {children}
    </div>
  );
}
