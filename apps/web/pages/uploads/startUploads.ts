import { access } from "../api/access.ts";
import { BrowserUploadKeeper } from "./keptUploads.ts";
import { sendByTus, terminateAt } from "./sendByTus.ts";
import type { SendOnce } from "./sendOnce.ts";
import type { Received, Upload } from "./upload.ts";
import { BrowserUploadLocks } from "./uploadLocks.ts";
import { UploadQueue } from "./uploadQueue.ts";
import { waitForConnection } from "./waitForConnection.ts";

/** Whoever is signed in. */
export interface UploadsOwner {
  readonly id: string;
  /** Other than to our own server. */
  readonly sender: UploadSender | null;
}

/** Another server that files are sent to. */
export interface UploadSender {
  readonly sendOnce: SendOnce;
  terminate(uploadUrl: string): Promise<void>;
}

const ownServer: UploadSender = {
  sendOnce: sendByTus,
  terminate: (uploadUrl) => terminateAt(uploadUrl, () => access().headers()),
};

export interface RunningUploads {
  readonly queue: UploadQueue;
  /** Stops; what is kept goes on when they are started again. */
  close(): void;
  /** After that: forgets what is kept. */
  forget(): Promise<void>;
}

/**
 * The uploads of this tab, taken up where an earlier page left them.
 * @param owner null where nobody signs in
 */
export function startUploads(
  owner: UploadsOwner | null,
  onDone: (upload: Upload, received: Received) => void,
): RunningUploads {
  const stop = new AbortController();
  const keeper = new BrowserUploadKeeper(owner?.id ?? null);
  const tabs = "BroadcastChannel" in globalThis ? new BroadcastChannel("quire-uploads") : null;
  const { sendOnce, terminate } = owner?.sender ?? ownServer;
  const queue = new UploadQueue({
    keeper,
    locks: new BrowserUploadLocks(),
    sendOnce,
    wait: waitForConnection,
    terminate,
    tellTabs: () => tabs?.postMessage("changed"),
    onDone,
  });
  tabs?.addEventListener("message", () => void queue.restore());
  // Files of somebody else who was not signed out here are none of the next one's, who could not go on with them.
  void (owner === null ? queue.restore() : keeper.removeOthers().then(() => queue.restore()));
  window.addEventListener(
    "beforeunload",
    (event) => {
      const wouldBeLost = ({ isKept, state: { kind } }: Upload) =>
        !isKept && (kind === "waiting" || kind === "sending" || kind === "retrying" || kind === "heldUp");
      if (queue.shown.value.some(wouldBeLost)) {
        event.preventDefault();
      }
    },
    { signal: stop.signal },
  );
  return {
    queue,
    close() {
      stop.abort();
      tabs?.close();
      queue.close();
    },
    forget: () => keeper.removeOwn(),
  };
}
