import type { ErrorCode } from "@quire/core";

/** RFC 6750, section 3: whoever sent no token is only told that one is wanted. */
const challenges: Partial<Record<ErrorCode, string>> = {
  unauthorized: "Bearer",
  sign_in_required: "Bearer",
  token_expired: 'Bearer error="invalid_token", error_description="expired"',
  token_invalid: 'Bearer error="invalid_token"',
};

/** `WWW-Authenticate` of a refusal; undefined where it asks for no token. */
export function challengeOf(code: string): string | undefined {
  return challenges[code as ErrorCode];
}
