import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";

export type Algorithm = "ES256" | "RS256" | "EdDSA";

/** A key that tokens are signed with, and what is published of it. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: Algorithm;
  readonly privateKey: CryptoKey;
  readonly published: JWK;
}

/** What a token says that is not said here, and what of it is otherwise; undefined: it does not say it. */
export type Claims = Readonly<Record<string, unknown>>;

const lifetimeSeconds = 3_600;

/** Signs access tokens as Supabase's Auth does, and publishes its keys on a real HTTP server. */
export class Issuer {
  readonly url: string;
  /** Those that are published. */
  readonly keys: SigningKey[] = [];
  /** How often they were asked for. */
  asked = 0;
  /** In place of the keys. */
  answer: RequestListener | null = null;

  private constructor(url: string) {
    this.url = url;
  }

  static async start(t: TestContext): Promise<Issuer> {
    const server = createServer((request, response) => issuer.#handle(request, response));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    t.after(() => {
      server.close();
      server.closeAllConnections();
    });
    const issuer = new Issuer(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    issuer.keys.push(await makeKey("key-1"));
    return issuer;
  }

  /** What has a server stand on it. */
  get env(): Record<string, string> {
    return { SUPABASE_URL: this.url, SUPABASE_ANON_KEY: "anon-key" };
  }

  get issuer(): string {
    return `${this.url}/auth/v1`;
  }

  /** A token of this user, signed with the newest published key unless told otherwise. */
  async token(userId: string, claims: Claims = {}, key = this.keys.at(-1) as SigningKey): Promise<string> {
    return this.sign(this.claimsOf(userId, claims), { alg: key.alg, kid: key.kid }, key.privateKey);
  }

  claimsOf(userId: string, claims: Claims = {}): Record<string, unknown> {
    const now = Math.floor(Date.now() / 1000);
    return {
      ...{ iss: this.issuer, aud: "authenticated", role: "authenticated", sub: userId },
      ...{ iat: now, exp: now + lifetimeSeconds, email: "someone@example.org", is_anonymous: false },
      ...claims,
    };
  }

  /** Any claims, with any header. */
  sign(claims: Claims, header: { alg: string; kid?: string }, key: CryptoKey | Uint8Array): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ typ: "JWT", ...header }).sign(key);
  }

  #handle(...[request, response]: Parameters<RequestListener>): void {
    this.asked++;
    if (this.answer) this.answer(request, response);
    else if (request.url === "/auth/v1/.well-known/jwks.json")
      response.end(JSON.stringify({ keys: this.keys.map(({ published }) => published) }));
    else response.writeHead(404).end();
  }
}

export async function makeKey(kid: string, alg: Algorithm = "ES256"): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const published = { ...(await exportJWK(publicKey)), kid, alg, use: "sig", key_ops: ["verify"] };
  return { kid, alg, privateKey, published };
}
