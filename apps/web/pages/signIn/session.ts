import {
  type AuthError,
  AuthPKCECodeVerifierMissingError,
  GoTrueClient,
  type Session as Tokens,
} from "@supabase/supabase-js";
import { noConnection, signInRequired } from "../api/problem.ts";
import { Watched } from "../parts/watched.ts";
import { isUnreachable } from "./authWords.ts";
import { SessionStore, sessionKey } from "./sessionStore.ts";
import { SessionTabs } from "./sessionTabs.ts";

export interface SignInPlace {
  /** Of the Supabase project. */
  readonly url: string;
  readonly anonKey: string;
}

export interface User {
  readonly id: string;
  readonly email: string;
}

/**
 * starting → signedIn or signedOut
 *   signedOut → (password, link) → signedIn → (sign out, here or in another tab) → signedOut
 *   signedIn → (the session has ended at Supabase) → signedOut, `hasEnded`: whoever it was goes on after signing in
 *   starting → (link of a forgotten password) → newPassword → signedIn
 */
export type SessionState =
  | { readonly kind: "starting" }
  | { readonly kind: "signedIn" | "newPassword"; readonly user: User }
  | {
      readonly kind: "signedOut";
      /** It ended by itself, of this user: null if nobody was signed in, or signed out. */
      readonly ended: User | null;
      /** What was wrong with the link that led here. */
      readonly linkError: AuthError | null;
    };

const signedOut = { kind: "signedOut", ended: null, linkError: null } as const;

/** Who is signed in to the Supabase project, in all tabs of this browser. */
export class Session {
  readonly state = new Watched<SessionState>({ kind: "starting" });
  readonly auth: GoTrueClient;
  readonly #store = new SessionStore();
  readonly #tabs: SessionTabs;
  #isRecovery = false;

  constructor({ url, anonKey }: SignInPlace) {
    this.auth = new GoTrueClient({
      url: `${url}/auth/v1`,
      headers: { apikey: anonKey },
      storageKey: sessionKey,
      storage: this.#store,
      // Links lead back with a code that only the browser that asked for them can use: no token is ever in an address.
      flowType: "pkce",
      skipAutoInitialize: true,
    });
    this.#tabs = new SessionTabs({
      ours: () => this.#store.getItem(sessionKey),
      onGiven: (kept) => void this.#adopt(JSON.parse(kept) as Tokens),
      onSignedOut: (userId) => {
        if (this.#user?.id === userId) {
          this.#store.removeItem(sessionKey);
          this.state.set(signedOut);
        }
      },
    });
  }

  /** Takes up the session that this tab or another one has, or the one that a mailed link brings. */
  async start(): Promise<void> {
    const hasCode = new URL(location.href).searchParams.has("code");
    this.auth.onAuthStateChange((event, tokens) => this.#onChange(event, tokens));
    const { error: initialError } = await this.auth.initialize();
    forgetLink();
    const isSignedOut = this.#store.getItem(sessionKey) === null;
    const error = initialError ?? (hasCode && isSignedOut ? new AuthPKCECodeVerifierMissingError() : null);
    if (isSignedOut && error === null) {
      await this.#tabs.ask();
    }
    if (this.state.value.kind === "starting" && this.#store.getItem(sessionKey) === null) {
      this.state.set({ ...signedOut, linkError: error });
    }
  }

  get isKept(): boolean {
    return this.#store.isKept;
  }

  /** Before signing in: whether to stay signed in when the tab is closed. */
  keep(isKept: boolean): void {
    this.#store.isKept = isKept;
  }

  /**
   * The token to ask with; a new one where it would expire within the next moments.
   * @throws Problem `sign_in_required`, `no_connection`
   */
  async token(): Promise<string> {
    const { data, error } = await this.auth.getSession();
    if (data.session !== null) {
      return data.session.access_token;
    }
    throw error !== null && isUnreachable(error) ? noConnection() : signInRequired();
  }

  /** Another token in place of one that was refused. @returns whether there is one; if not, the session has ended */
  async renew(refused: string): Promise<boolean> {
    if ((await this.token().catch(() => refused)) !== refused) {
      return true;
    }
    const { error } = await this.auth.refreshSession();
    if (error !== null && !isUnreachable(error)) {
      this.#end();
    }
    return error === null;
  }

  /** Ends the session, here and in the other tabs, also where Supabase cannot be reached. */
  async signOut(): Promise<void> {
    const user = this.#user;
    this.state.set(signedOut);
    if (user !== null) {
      this.#tabs.tellSignedOut(user.id);
    }
    await this.auth.signOut({ scope: "local" });
  }

  /** The new password has been set. */
  endRecovery(): void {
    this.#isRecovery = false;
    if (this.#user !== null) {
      this.state.set({ kind: "signedIn", user: this.#user });
    }
  }

  get #user(): User | null {
    const state = this.state.value;
    return state.kind === "signedIn" || state.kind === "newPassword" ? state.user : null;
  }

  #onChange(event: string, tokens: Tokens | null): void {
    if (event === "PASSWORD_RECOVERY") {
      this.#isRecovery = true;
    }
    if (tokens !== null) {
      void this.#adopt(tokens);
    } else if (event === "SIGNED_OUT" && this.#store.getItem(sessionKey) === null) {
      this.#end();
    }
  }

  /** Of this tab, or of another one: those of somebody else are left to the other tab. */
  #adopt(tokens: Tokens): void {
    const user = { id: tokens.user.id, email: tokens.user.email ?? "" };
    const current = this.#user;
    if (current !== null && current.id !== user.id) {
      return;
    }
    const kept = this.#store.getItem(sessionKey);
    if (kept === null || (JSON.parse(kept) as Tokens).refresh_token !== tokens.refresh_token) {
      this.#store.setItem(sessionKey, JSON.stringify(tokens));
    }
    const kind = this.#isRecovery ? "newPassword" : "signedIn";
    if (current === null || this.state.value.kind !== kind) {
      this.state.set({ kind, user });
    }
  }

  #end(): void {
    if (this.#user !== null) {
      this.#store.removeItem(sessionKey);
      this.state.set({ ...signedOut, ended: this.#user });
    }
  }
}

/** What a mailed link left in the address is of no use any more, and nothing to be kept in the browser's history. */
function forgetLink(): void {
  const url = new URL(location.href);
  const left = ["code", "error", "error_code", "error_description", "sb_flow_id"];
  for (const name of left) {
    url.searchParams.delete(name);
  }
  if (/^#(error|access_token|sb)\b/.test(url.hash)) {
    url.hash = "";
  }
  if (url.href !== location.href) {
    history.replaceState(history.state, "", url);
  }
}
