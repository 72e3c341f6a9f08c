import { useEffect, useRef } from "react";
import { type LiveEventsOptions, listen } from "./liveEvents.ts";

/**
 * Listens while the component is shown and `isOn`; the handlers may change without a new connection.
 * @param key what the connection is about: another one connects anew
 */
export function useLiveEvents(key: string, isOn: boolean, options: LiveEventsOptions): void {
  const latest = useRef(options);
  latest.current = options;
  useEffect(() => {
    if (!isOn || key === "") {
      return;
    }
    const names = Object.keys(latest.current.on);
    return listen({
      url: () => latest.current.url(),
      onGap: () => latest.current.onGap(),
      on: Object.fromEntries(names.map((name) => [name, (data) => latest.current.on[name]?.(data)])),
    });
  }, [key, isOn]);
}
