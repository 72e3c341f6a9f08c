import { connection } from "../api/connection.ts";
import { useWatched } from "../parts/useWatched.ts";
import "./ConnectionBanner.css";

/** Says that Quire cannot be reached; always there, so that screen readers hear of the change. */
export function ConnectionBanner() {
  const isDown = useWatched(connection) === "down";
  return (
    <div role="status">
      {isDown ? <p className="connection-banner">Connection lost. Reconnecting automatically…</p> : null}
    </div>
  );
}
