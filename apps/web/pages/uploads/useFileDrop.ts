import { useEffect, useRef, useState } from "react";

/** Takes files dropped anywhere on the page (beside it the browser would open them). Returns whether some are held over it. */
export function useFileDrop(onFiles: (files: readonly File[]) => void): boolean {
  const [isOver, setOver] = useState(false);
  const latest = useRef(onFiles);
  latest.current = onFiles;

  useEffect(() => {
    const stop = new AbortController();
    // Before useNoStrayDrops, which refuses what nobody has taken.
    const options = { signal: stop.signal, capture: true };
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    window.addEventListener(
      "dragover",
      (event) => {
        if (hasFiles(event)) {
          event.preventDefault();
          setOver(true);
        }
      },
      options,
    );
    window.addEventListener(
      "dragleave",
      (event) => {
        // Without a related target the pointer has left the window, not just an element of it.
        if (event.relatedTarget === null) {
          setOver(false);
        }
      },
      options,
    );
    window.addEventListener(
      "drop",
      (event) => {
        if (hasFiles(event)) {
          event.preventDefault();
          setOver(false);
          latest.current([...(event.dataTransfer?.files ?? [])]);
        }
      },
      options,
    );
    return () => stop.abort();
  }, []);

  return isOver;
}
