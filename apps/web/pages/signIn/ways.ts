import type { AuthError, GoTrueClient } from "@supabase/supabase-js";

/** How somebody may come in. */
export type Way = "password" | "link" | "forgotten" | "signUp";

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

interface WayIn {
  readonly label: string;
  readonly action: string;
  readonly busyAction: string;
  /** Of another way: what leads here. */
  readonly offer: string;
  /** What the browser may fill in as password; null: none is asked for. */
  readonly password: "current-password" | "new-password" | null;
  /** What is said once it is done, unless it has signed in. */
  readonly sent: string | null;
  take(auth: GoTrueClient, credentials: Credentials): Promise<{ readonly error: AuthError | null }>;
}

/** Links lead back to where they were asked for. */
const here = () => `${location.origin}${location.pathname}${location.search}`;
const openIt = "Open it in this browser.";

export const waysIn: Readonly<Record<Way, WayIn>> = {
  password: {
    label: "Sign in with a password",
    action: "Sign in",
    busyAction: "Signing in…",
    offer: "Sign in with a password",
    password: "current-password",
    sent: null,
    take: (auth, credentials) => auth.signInWithPassword(credentials),
  },
  link: {
    label: "Sign in by a link",
    action: "Send me a link",
    busyAction: "Sending…",
    offer: "Have a sign-in link sent by email",
    password: null,
    sent: `A link that signs you in is on its way. ${openIt}`,
    take: (auth, { email }) =>
      auth.signInWithOtp({ email, options: { emailRedirectTo: here(), shouldCreateUser: false } }),
  },
  forgotten: {
    label: "Choose a new password",
    action: "Send me a link",
    busyAction: "Sending…",
    offer: "I have forgotten my password",
    password: null,
    sent: `If there is an account with this address, a link to choose a new password is on its way. ${openIt}`,
    take: (auth, { email }) => auth.resetPasswordForEmail(email, { redirectTo: here() }),
  },
  signUp: {
    label: "Create an account",
    action: "Create the account",
    busyAction: "Creating…",
    offer: "Create an account",
    password: "new-password",
    sent: `A link to confirm your address is on its way. ${openIt}`,
    take: (auth, { email, password }) =>
      auth.signUp({ email, password, options: { emailRedirectTo: here() } }),
  },
};
