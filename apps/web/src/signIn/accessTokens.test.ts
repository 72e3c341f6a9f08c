import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { type TestContext, test } from "node:test";
import { type CryptoKey, exportSPKI, importJWK } from "jose";
import { type Algorithm, type Claims, Issuer, makeKey } from "../testing/issuer.ts";
import { AccessTokens } from "./accessTokens.ts";
import { type KeyLimits, keyLimits } from "./publishedKeys.ts";

const ann = "00000000-0000-4000-8000-00000000000a";
const secret = "a-shared-secret-of-at-least-32-characters";
const utf8 = (text: string) => new TextEncoder().encode(text);

interface Options {
  readonly jwtSecret?: string | null;
  readonly limits?: Partial<KeyLimits>;
}

/** A project's Auth, those who verify its tokens, and a clock that stands still until it is moved. */
async function open(t: TestContext, { jwtSecret = null, limits }: Options = {}) {
  const issuer = await Issuer.start(t);
  const clock = { ms: 0 };
  const of = { url: issuer.url, jwtSecret };
  const tokens = new AccessTokens(of, { ...keyLimits, ...limits }, () => clock.ms);
  return { issuer, tokens, clock };
}

const refused = (code: string) => ({ code });
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

for (const alg of ["ES256", "RS256", "EdDSA"] as const satisfies Algorithm[]) {
  test(`a user's token that is signed with a published ${alg} key tells who it is and until when`, async (t) => {
    const { issuer, tokens } = await open(t);
    issuer.keys.push(await makeKey("another", alg));
    const exp = Math.floor(Date.now() / 1000) + 60;
    const { claims, expiresAtMs } = await tokens.verify(await issuer.token(ann.toUpperCase(), { exp }));
    assert.deepEqual([claims.sub, claims.email, expiresAtMs], [ann, "someone@example.org", exp * 1000]);
  });
}

test("a token that is not as it must be is refused, and says why without saying what is in it", async (t) => {
  const { issuer, tokens } = await open(t);
  const now = Math.floor(Date.now() / 1000);
  const wrong: Record<string, Claims> = {
    "another issuer": { iss: "https://another.supabase.co/auth/v1" },
    "an issuer that only begins so": { iss: `${issuer.issuer}.evil.example` },
    "no issuer": { iss: undefined },
    "another audience": { aud: "anon" },
    "no audience": { aud: undefined },
    "no user": { sub: undefined },
    "a user of another kind": { sub: "postgres" },
    "a user that is no text": { sub: 5 },
    "the anon key's role": { role: "anon" },
    "the service's role": { role: "service_role" },
    "a role that is a list": { role: ["authenticated"] },
    "no role": { role: undefined },
    "no end": { exp: undefined },
    "an end that is no number": { exp: "never" },
    "a beginning to come": { nbf: now + 3_600 },
  };
  for (const [what, claims] of Object.entries(wrong)) {
    const token = await issuer.token(ann, claims);
    await assert.rejects(tokens.verify(token), refused("token_invalid"), what);
    await assert.rejects(tokens.verify(token), ({ message }: Error) => !message.includes("example.org"));
  }
  for (const text of ["", "x", "a.b.c", "a.b", `${part({ alg: "ES256" })}.e30.`, "\0", ". .", "....."])
    await assert.rejects(tokens.verify(text), refused("token_invalid"), text);
});

test("a token counts until it expires, and some seconds more", async (t) => {
  const { issuer, tokens } = await open(t);
  const now = Math.floor(Date.now() / 1000);
  await assert.rejects(tokens.verify(await issuer.token(ann, { exp: now - 60 })), refused("token_expired"));
  await assert.rejects(tokens.verify(await issuer.token(ann, { exp: now - 10 })), refused("token_expired"));
  await tokens.verify(await issuer.token(ann, { exp: now - 3 }));
  const forged = await issuer.token(ann, { exp: now - 60 }, await makeKey("key-1"));
  await assert.rejects(tokens.verify(forged), refused("token_invalid"));
});

test("a signature that is another's, another token's or none at all does not count", async (t) => {
  const { issuer, tokens } = await open(t, { jwtSecret: secret });
  const token = await issuer.token(ann);
  const [header = "", payload = "", signature = ""] = token.split(".");
  const forged = [
    await issuer.token(ann, {}, await makeKey("key-1")),
    await issuer.token(ann, {}, await makeKey("unknown")),
    await issuer.token(ann, {}, await makeKey("key-1", "RS256")),
    `${header}.${part(issuer.claimsOf(randomUUID()))}.${signature}`,
    `${header}.${payload}.`,
    `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
    `${token}.`,
    ...["none", "None", "NONE", ""].map((alg) => `${part({ alg })}.${payload}.`),
    `${part({ alg: "none", kid: "key-1" })}.${payload}.${signature}`,
    `${part({ alg: "ES256", kid: "key-1", crit: ["b64"], b64: false })}.${payload}.${signature}`,
  ];
  for (const each of forged) await assert.rejects(tokens.verify(each), refused("token_invalid"), each);
  await tokens.verify(token);
});

test("a key that comes with the token itself is not used", async (t) => {
  const { issuer, tokens } = await open(t);
  const mine = await makeKey("key-1");
  const header = { alg: "ES256", kid: "key-1", jwk: mine.published, jku: `${issuer.url}/mine.json` };
  const token = await issuer.sign(issuer.claimsOf(ann), header, mine.privateKey);
  await assert.rejects(tokens.verify(token), refused("token_invalid"));
});

test("the shared secret counts where it is set, and only there", async (t) => {
  const { issuer, tokens } = await open(t, { jwtSecret: secret });
  const header = { alg: "HS256", kid: "legacy" };
  const legacy = await issuer.sign(issuer.claimsOf(ann), header, utf8(secret));
  assert.equal((await tokens.verify(legacy)).claims.sub, ann);
  assert.equal(issuer.asked, 0);
  const without = new AccessTokens({ url: issuer.url, jwtSecret: null });
  await assert.rejects(without.verify(legacy), refused("token_invalid"));
  for (const [claims, key, alg] of [
    [{}, `${secret}x`, "HS256"],
    [{ role: "anon", sub: undefined }, secret, "HS256"],
    [{ role: "service_role" }, secret, "HS256"],
    [{ iss: "supabase" }, secret, "HS256"],
    [{}, secret.repeat(2), "HS512"],
  ] as const) {
    const token = await issuer.sign(issuer.claimsOf(ann, claims), { alg }, utf8(key));
    await assert.rejects(tokens.verify(token), refused("token_invalid"));
  }
});

test("a published key is no secret, however it is written", async (t) => {
  const { issuer } = await open(t);
  const [key] = issuer.keys;
  assert.ok(key);
  const publicKey = (await importJWK(key.published, key.alg)) as CryptoKey;
  const pem = await exportSPKI(publicKey);
  const written = [pem, pem.trim(), JSON.stringify(key.published), `${key.published.x}`, ""];
  const payload = part(issuer.claimsOf(ann));
  for (const jwtSecret of [null, secret]) {
    const tokens = new AccessTokens({ url: issuer.url, jwtSecret });
    for (const each of written) {
      const signed = `${part({ alg: "HS256", kid: "key-1" })}.${payload}`;
      const signature = createHmac("sha256", each).update(signed).digest("base64url");
      await assert.rejects(tokens.verify(`${signed}.${signature}`), refused("token_invalid"));
    }
  }
});

test("a secret that is published by mistake is no key", async (t) => {
  const { issuer, tokens } = await open(t);
  const published = { kty: "oct", k: Buffer.from(secret).toString("base64url"), kid: "key-1", alg: "HS256" };
  issuer.answer = (_request, response) => response.end(JSON.stringify({ keys: [published] }));
  for (const alg of ["HS256", "ES256"]) {
    const header = part({ alg, kid: "key-1" });
    const signed = `${header}.${part(issuer.claimsOf(ann))}`;
    const signature = createHmac("sha256", secret).update(signed).digest("base64url");
    await assert.rejects(tokens.verify(`${signed}.${signature}`), refused("token_invalid"), alg);
  }
});
