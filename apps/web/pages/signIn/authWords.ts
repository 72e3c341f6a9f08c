import type { AuthError } from "@supabase/supabase-js";

const noAccount = "Nobody with this address has an account here. Ask whoever runs Quire here for one.";
const tooOften = "That was tried too often in a short time. Wait a minute and try again.";
const linkIsOver = "The link was used already, or is too old. Have another one sent to you.";
const otherBrowser =
  "The link was opened in another browser than the one that asked for it. Open it there, or have one sent to you from here.";

/** By the codes of Supabase Auth: https://supabase.com/docs/guides/auth/debugging/error-codes */
const wordsByCode: Readonly<Record<string, string>> = {
  invalid_credentials: "The email address or the password is not right. Check both and try again.",
  email_not_confirmed:
    "The email address has not been confirmed yet. Open the link in the mail that was sent to it, or have a sign-in link sent to you.",
  user_banned: "This account is closed. Ask whoever runs Quire here.",
  user_not_found: noAccount,
  otp_disabled: noAccount,
  signup_disabled: noAccount,
  email_provider_disabled: "Signing in by email is closed here. Ask whoever runs Quire here.",
  email_address_invalid: "Mail cannot be sent to this address. Check how it is written.",
  email_address_not_authorized: "Mail cannot be sent to this address. Ask whoever runs Quire here.",
  validation_failed: "Something is missing or is not as it must be. Check what you have written.",
  user_already_exists: "There is an account with this address already. Sign in with it.",
  email_exists: "There is an account with this address already. Sign in with it.",
  same_password: "That is the password that you had. Choose another one.",
  over_email_send_rate_limit: tooOften,
  over_request_rate_limit: tooOften,
  otp_expired: linkIsOver,
  flow_state_not_found: linkIsOver,
  flow_state_expired: linkIsOver,
  bad_code_verifier: otherBrowser,
  pkce_code_verifier_not_found: otherBrowser,
};

const weak: Readonly<Record<string, string>> = {
  length: "It is too short.",
  characters: "It needs letters, digits and other characters.",
  pwned: "It is known from a leak of another site.",
};

const tooManyStatus = 429;
const firstFaultStatus = 500;

/** What went wrong at Supabase Auth and what to do, in plain words. */
export function authWords(error: AuthError): string {
  const { code, status = 0 } = error;
  if (isUnreachable(error)) {
    return status >= firstFaultStatus
      ? "The sign-in service has trouble at the moment. Try again in a while."
      : "The sign-in service cannot be reached. Check your connection and try again.";
  }
  if (code === "weak_password") {
    const reasons = "reasons" in error ? (error.reasons as readonly string[]) : [];
    return ["Choose a stronger password.", ...reasons.map((reason) => weak[reason] ?? "")].join(" ").trim();
  }
  const known = code !== undefined && Object.hasOwn(wordsByCode, code) ? wordsByCode[code] : undefined;
  return known ?? wordsByCode[linkCodeOf(error)] ?? wordsOfStatus(status);
}

/** Nothing answered, or a server with a fault of its own did: trying again may help, and the session may be good. */
export function isUnreachable(error: AuthError): boolean {
  return error.name === "AuthRetryableFetchError";
}

/** Errors that a link brought carry their code in their details. */
function linkCodeOf(error: AuthError): string {
  const details = "details" in error ? (error.details as { code?: string } | null) : null;
  return details?.code ?? "";
}

function wordsOfStatus(status: number): string {
  return status === tooManyStatus
    ? tooOften
    : "The sign-in service refused this. Try again; if it comes back, tell whoever runs Quire here.";
}
