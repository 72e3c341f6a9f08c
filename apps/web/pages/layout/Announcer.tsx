import { useWatched } from "../parts/useWatched.ts";
import { announcement } from "./announce.ts";

/** The one polite live region of all pages. */
export function Announcer() {
  const { words, number } = useWatched(announcement);
  return (
    <div className="visually-hidden" role="status">
      {/* A new element, so that the same words are said again. */}
      <span key={number}>{words}</span>
    </div>
  );
}
