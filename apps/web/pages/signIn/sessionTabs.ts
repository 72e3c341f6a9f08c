/** So long a new tab waits before it shows the form; an answer that comes later is taken as well. */
const answerWithinMs = 300;

type Message =
  | { readonly kind: "ask" }
  | { readonly kind: "given"; readonly session: string }
  | { readonly kind: "signedOut"; readonly userId: string };

export interface SessionTabsOptions {
  /** What this tab has kept; null if nothing. */
  readonly ours: () => string | null;
  readonly onGiven: (session: string) => void;
  readonly onSignedOut: (userId: string) => void;
}

/**
 * The other tabs of this browser. A session that is kept with the tab is handed to one that is opened beside it, so that
 * a link opened in a new tab asks for nothing; and who signs out in one tab is signed out in all.
 */
export class SessionTabs {
  readonly #channel = new BroadcastChannel("quire-session-tabs");
  #given: (() => void) | null = null;

  constructor({ ours, onGiven, onSignedOut }: SessionTabsOptions) {
    this.#channel.addEventListener("message", ({ data }: MessageEvent<Message>) => {
      if (data.kind === "ask") {
        const session = ours();
        if (session !== null) {
          this.#tell({ kind: "given", session });
        }
      } else if (data.kind === "given") {
        // Also to a tab that did not ask: there it is known already, or is not wanted.
        if (this.#given !== null) {
          onGiven(data.session);
          this.#given();
          this.#given = null;
        }
      } else {
        onSignedOut(data.userId);
      }
    });
  }

  /** Asks the others for a session. Resolves when one has given it, or none has in a moment. */
  ask(): Promise<void> {
    return new Promise((resolve) => {
      this.#given = resolve;
      this.#tell({ kind: "ask" });
      setTimeout(resolve, answerWithinMs);
    });
  }

  tellSignedOut(userId: string): void {
    // A late answer is of the session that has ended.
    this.#given = null;
    this.#tell({ kind: "signedOut", userId });
  }

  #tell(message: Message): void {
    this.#channel.postMessage(message);
  }
}
