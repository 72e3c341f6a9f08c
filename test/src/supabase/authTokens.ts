import { randomUUID } from "node:crypto";
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, jwtVerify, SignJWT } from "jose";
import type { AuthSession } from "./authAccounts.ts";
import { AuthError } from "./authAnswers.ts";
import type { Claims } from "./tokens.ts";

const msPerSecond = 1_000;

interface SigningKey {
  readonly kid: string | null;
  readonly alg: "ES256" | "HS256";
  readonly sign: CryptoKey | Uint8Array;
  readonly verify: CryptoKey | Uint8Array;
  readonly published: JWK | null;
}

/** Access tokens, and the keys that they are signed with. */
export class AuthTokens {
  lifetimeSeconds = 3_600;
  readonly #issuer: string;
  #key: SigningKey;

  private constructor(issuer: string, key: SigningKey) {
    this.#issuer = issuer;
    this.#key = key;
  }

  /** @param jwtSecret signs with this legacy secret instead of a key of its own */
  static async create(issuer: string, jwtSecret?: string): Promise<AuthTokens> {
    return new AuthTokens(issuer, jwtSecret === undefined ? await newKey() : legacyKey(jwtSecret));
  }

  /** What `/.well-known/jwks.json` has. */
  get publicKeys(): JWK[] {
    return this.#key.published === null ? [] : [this.#key.published];
  }

  /** From now on another key signs, and the old one counts no more. */
  async replaceKey(): Promise<void> {
    this.#key = await newKey();
  }

  async sign(session: AuthSession, method: string): Promise<{ token: string; expiresAtSeconds: number }> {
    const nowSeconds = Math.floor(Date.now() / msPerSecond);
    const expiresAtSeconds = nowSeconds + this.lifetimeSeconds;
    const { alg, kid } = this.#key;
    const token = await new SignJWT({
      email: session.user.email,
      phone: "",
      app_metadata: { provider: "email", providers: ["email"] },
      user_metadata: {},
      role: "authenticated",
      aal: "aal1",
      amr: [{ method, timestamp: nowSeconds }],
      session_id: session.id,
      is_anonymous: false,
    })
      .setProtectedHeader({ alg, typ: "JWT", ...(kid !== null && { kid }) })
      .setIssuer(this.#issuer)
      .setSubject(session.user.id)
      .setAudience("authenticated")
      .setIssuedAt(nowSeconds)
      .setExpirationTime(expiresAtSeconds)
      .sign(this.#key.sign);
    return { token, expiresAtSeconds };
  }

  /** @throws AuthError `bad_jwt` */
  async claimsOf(token: string): Promise<Claims> {
    try {
      const { payload } = await jwtVerify(token, this.#key.verify as CryptoKey);
      return payload as unknown as Claims;
    } catch {
      throw new AuthError(403, "bad_jwt", "invalid JWT: unable to parse or verify signature");
    }
  }
}

async function newKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
  const kid = randomUUID();
  const published = { ...(await exportJWK(publicKey)), kid, alg: "ES256", use: "sig", key_ops: ["verify"] };
  return { kid, alg: "ES256", sign: privateKey, verify: publicKey, published };
}

function legacyKey(jwtSecret: string): SigningKey {
  const secret = new TextEncoder().encode(jwtSecret);
  return { kid: null, alg: "HS256", sign: secret, verify: secret, published: null };
}
