import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Issuer, makeKey } from "../testing/issuer.ts";
import { AccessTokens } from "./accessTokens.ts";
import { type KeyLimits, keyLimits } from "./publishedKeys.ts";

const ann = "00000000-0000-4000-8000-00000000000a";
const { maxAgeMs, cooldownMs, retryMs } = keyLimits;

async function open(t: TestContext, limits: Partial<KeyLimits> = {}) {
  const issuer = await Issuer.start(t);
  const clock = { ms: 0 };
  const tokens = new AccessTokens(
    { url: issuer.url, jwtSecret: null },
    { ...keyLimits, ...limits },
    () => clock.ms,
  );
  return { issuer, tokens, clock };
}

test("the keys are asked for once, however many tokens come at once, and again when they are old", async (t) => {
  const { issuer, tokens, clock } = await open(t);
  const token = await issuer.token(ann);
  await Promise.all(Array.from({ length: 50 }, () => tokens.verify(token)));
  clock.ms += maxAgeMs - 1;
  await tokens.verify(token);
  assert.equal(issuer.asked, 1);
  clock.ms += 1;
  await tokens.verify(token);
  assert.equal(issuer.asked, 2);
});

test("a key that has come since is found, and one that was taken back counts no longer than the keys are kept", async (t) => {
  const { issuer, tokens, clock } = await open(t);
  const [old] = issuer.keys;
  assert.ok(old);
  const before = await issuer.token(ann);
  await tokens.verify(before);
  issuer.keys.splice(0, 1, await makeKey("key-2"));
  clock.ms += cooldownMs;
  await tokens.verify(await issuer.token(ann));
  assert.equal(issuer.asked, 2);
  // With the new keys the old one is gone.
  clock.ms += cooldownMs;
  await assert.rejects(tokens.verify(before), { code: "token_invalid" });
  issuer.keys.splice(0, 1, old);
  clock.ms += maxAgeMs;
  await tokens.verify(before);
});

test("tokens that name keys at will do not have them asked for each time", async (t) => {
  const { issuer, tokens, clock } = await open(t);
  await tokens.verify(await issuer.token(ann));
  const unknown = await makeKey("unknown");
  const forged = await issuer.token(ann, {}, unknown);
  for (let n = 0; n < 20; n++) await assert.rejects(tokens.verify(forged), { code: "token_invalid" });
  assert.equal(issuer.asked, 1);
  clock.ms += cooldownMs;
  for (let n = 0; n < 20; n++) await assert.rejects(tokens.verify(forged), { code: "token_invalid" });
  assert.equal(issuer.asked, 2);
  // Also where they cannot be had.
  issuer.answer = (_request, response) => response.destroy();
  clock.ms += cooldownMs;
  for (let n = 0; n < 20; n++) await assert.rejects(tokens.verify(forged), { code: "token_invalid" });
  assert.equal(issuer.asked, 3);
});

const broken: Record<string, NonNullable<Issuer["answer"]>> = {
  "an error": (_request, response) => response.writeHead(500).end("no"),
  "a redirection": (_request, response) => response.writeHead(302, { Location: "/auth/v1/other" }).end(),
  "a page": (_request, response) => response.end("<html></html>"),
  "no keys": (_request, response) => response.end("null"),
  "keys that are none": (_request, response) => response.end('{"keys": [5]}'),
  "more than there can be": (_request, response) =>
    response.end(`{"keys": [], "x": "${"x".repeat(70_000)}"}`),
  "an end too early": (_request, response) => {
    response.writeHead(200, { "Content-Length": "1000" });
    response.write('{"keys": [');
    response.destroy();
  },
};

for (const [what, answer] of Object.entries(broken)) {
  test(`where the keys' address answers with ${what}, nobody is let in who was not, and it is asked again`, async (t) => {
    const { issuer, tokens, clock } = await open(t);
    const token = await issuer.token(ann);
    issuer.answer = answer;
    await assert.rejects(tokens.verify(token), { code: "sign_in_unavailable" });
    await assert.rejects(tokens.verify(token), { code: "sign_in_unavailable" });
    assert.equal(issuer.asked, 1);
    issuer.answer = null;
    clock.ms += retryMs;
    await tokens.verify(token);
    // Those that are there count on while no others can be had.
    issuer.answer = answer;
    clock.ms += maxAgeMs;
    await tokens.verify(token);
    await tokens.verify(token);
    assert.equal(issuer.asked, 3);
  });
}

test("an address that never comes to an end is not waited for", async (t) => {
  const { issuer, tokens } = await open(t, { fetchWithinMs: 50 });
  const token = await issuer.token(ann);
  for (const answer of [() => {}, dripping] as NonNullable<Issuer["answer"]>[]) {
    issuer.answer = answer;
    const late = new AccessTokens({ url: issuer.url, jwtSecret: null }, { ...keyLimits, fetchWithinMs: 50 });
    await assert.rejects(late.verify(token), { code: "sign_in_unavailable" });
  }
  issuer.answer = null;
  await tokens.verify(token);
});

/** A byte now and then. */
const dripping: NonNullable<Issuer["answer"]> = (_request, response) => {
  const drip = setInterval(() => response.write(" "), 10);
  response.on("close", () => clearInterval(drip));
};

test("nothing listens at the address: nobody is let in", async () => {
  const tokens = new AccessTokens({ url: "http://127.0.0.1:9", jwtSecret: null });
  const header = Buffer.from('{"alg":"ES256","kid":"key-1"}').toString("base64url");
  await assert.rejects(tokens.verify(`${header}.e30.AAAA`), { code: "sign_in_unavailable" });
});
