import { useEffect } from "react";

function refuse(event: DragEvent): void {
  if (event.dataTransfer?.types.includes("Files") && !event.defaultPrevented) {
    event.preventDefault();
    event.dataTransfer.dropEffect = "none";
  }
}

/** A file that is dropped where nothing takes it would be opened by the browser in place of the page. */
export function useNoStrayDrops(): void {
  useEffect(() => {
    window.addEventListener("dragover", refuse);
    window.addEventListener("drop", refuse);
    return () => {
      window.removeEventListener("dragover", refuse);
      window.removeEventListener("drop", refuse);
    };
  }, []);
}
