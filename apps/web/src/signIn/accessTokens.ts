import { QuireError } from "@quire/core";
import type { UserClaims } from "@quire/store";
import { decodeProtectedHeader, errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from "jose";
import { type KeyLimits, PublishedKeys } from "./publishedKeys.ts";
import type { SignIn } from "./signIn.ts";

/** A user, as long as the token counts. */
export interface SignedIn {
  readonly claims: UserClaims;
  /** In milliseconds since 1970. */
  readonly expiresAtMs: number;
}

/** What Supabase signs with published keys. A token that names another is refused before any key is looked for. */
const asymmetricAlgorithms = ["ES256", "RS256", "EdDSA"];
const sharedAlgorithm = "HS256";
/** Clocks differ. */
const leewaySeconds = 10;
const role = "authenticated";
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Verifies the access tokens of a project's users (JWT, RFC 7519), as Supabase's Auth signs them. */
export class AccessTokens {
  readonly #published: PublishedKeys;
  readonly #secret: Uint8Array | null;
  readonly #expected: JWTVerifyOptions;

  constructor({ url, jwtSecret }: Pick<SignIn, "url" | "jwtSecret">, limits?: KeyLimits, now?: () => number) {
    const issuer = `${url}/auth/v1`;
    this.#published = new PublishedKeys(`${issuer}/.well-known/jwks.json`, limits, now);
    this.#secret = jwtSecret === null ? null : new TextEncoder().encode(jwtSecret);
    this.#expected = {
      issuer,
      audience: role,
      requiredClaims: ["exp", "sub"],
      clockTolerance: leewaySeconds,
    };
  }

  /**
   * Whose token it is.
   *
   * @throws QuireError `token_expired`, `token_invalid`, `sign_in_unavailable`
   */
  async verify(token: string): Promise<SignedIn> {
    try {
      return userOf(await this.#payload(token));
    } catch (error) {
      if (error instanceof QuireError) throw error;
      if (error instanceof errors.JWTExpired)
        throw new QuireError("token_expired", "The sign-in has expired. Refresh it, or sign in again.");
      throw invalid(error instanceof errors.JOSEError ? error.message : "it is no token");
    }
  }

  /** The kind of key is chosen by the algorithm: a published key is never taken for a secret. */
  async #payload(token: string): Promise<JWTPayload> {
    const { alg } = decodeProtectedHeader(token);
    if (alg !== sharedAlgorithm) {
      const expected = { ...this.#expected, algorithms: asymmetricAlgorithms };
      return (await jwtVerify(token, this.#published.keyOf, expected)).payload;
    }
    if (this.#secret === null) throw invalid("it is signed with a shared secret, and none is set");
    return (await jwtVerify(token, this.#secret, { ...this.#expected, algorithms: [sharedAlgorithm] }))
      .payload;
  }
}

function userOf(payload: JWTPayload): SignedIn {
  const { sub = "", exp = 0 } = payload;
  if (payload.role !== role) throw invalid("it is no user's");
  if (!uuid.test(sub)) throw invalid("it names no user");
  return { claims: { ...payload, sub: sub.toLowerCase() }, expiresAtMs: exp * 1000 };
}

/** @param reason without anything of the token's content */
function invalid(reason: string): QuireError {
  return new QuireError("token_invalid", `The access token does not count here: ${reason}. Sign in again.`);
}
