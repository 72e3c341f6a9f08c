import { useSyncExternalStore } from "react";

const dark = "(prefers-color-scheme: dark)";

function watch(onChange: () => void): () => void {
  const query = matchMedia(dark);
  query.addEventListener("change", onChange);
  return () => query.removeEventListener("change", onChange);
}

/** For what is drawn and does not follow the style sheets by itself. */
export function useColourScheme(): "light" | "dark" {
  return useSyncExternalStore(watch, () => (matchMedia(dark).matches ? "dark" : "light"));
}
