import { useSyncExternalStore } from "react";
import type { Watched } from "./watched.ts";

/** The value as it is now; the component is drawn again when it is replaced. */
export function useWatched<T>(watched: Watched<T>): T {
  return useSyncExternalStore(watched.watch, watched.read);
}
