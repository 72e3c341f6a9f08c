import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { GoTrueClient } from "@supabase/supabase-js";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { AuthStandIn } from "./auth.ts";
import { startSupabase } from "./supabase.ts";

const ada = { email: "ada@clinic.example", password: "of-the-first-floor" };

async function open(t: TestContext, signing?: "ES256" | "HS256") {
  const project = await startSupabase({
    databaseUrl: "",
    services: async (started) => ({ auth: await AuthStandIn.open(started, signing) }),
  });
  t.after(() => project.close());
  const { auth } = project.services;
  auth.accounts.add(ada.email, ada.password);
  const url = `${project.url}/auth/v1`;
  const client = (flowType: "pkce" | "implicit" = "pkce") =>
    new GoTrueClient({ url, headers: { apikey: project.anonKey }, flowType, autoRefreshToken: false });
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(url + path, { ...init, headers: { apikey: project.anonKey, ...init.headers }, redirect: "manual" });
  return { project, auth, url, client, ask };
}

const refresh = (token: string): RequestInit => ({
  method: "POST",
  body: JSON.stringify({ refresh_token: token }),
});

test("tokens are signed with the published key, or with the legacy secret", async (t) => {
  for (const signing of ["ES256", "HS256"] as const) {
    const { project, url, client } = await open(t, signing);
    const { data } = await client().signInWithPassword(ada);
    const token = data.session?.access_token ?? "";
    const published = createRemoteJWKSet(new URL(`${url}/.well-known/jwks.json`));
    const secret = new TextEncoder().encode(project.jwtSecret);
    const expected = { issuer: url, audience: "authenticated", algorithms: [signing] };
    const { payload } = await (signing === "ES256"
      ? jwtVerify(token, published, expected)
      : jwtVerify(token, secret, expected));
    assert.deepEqual([payload.sub, payload.role], [data.user?.id, "authenticated"]);
  }
});

test("a refresh token is good once, and one that comes later ends the session", async (t) => {
  const { client, ask } = await open(t);
  const { data } = await client().signInWithPassword(ada);
  const first = data.session?.refresh_token ?? "";
  const path = "/token?grant_type=refresh_token";
  const second = (await (await ask(path, refresh(first))).json()).refresh_token;
  assert.notEqual(second, first);
  // The answer was lost: within ten seconds it is given again.
  assert.equal((await (await ask(path, refresh(first))).json()).refresh_token, second);
  const third = (await (await ask(path, refresh(second))).json()).refresh_token;
  const stolen = await ask(path, refresh(first));
  assert.deepEqual([stolen.status, (await stolen.json()).error_code], [400, "refresh_token_already_used"]);
  assert.equal((await (await ask(path, refresh(third))).json()).error_code, "refresh_token_not_found");
});

test("links lead back with a code, or with the session in the fragment, and once", async (t) => {
  const { auth, client } = await open(t);
  const follow = async (link: string) =>
    new URL((await fetch(link, { redirect: "manual" })).headers.get("location") ?? "");
  const options = { emailRedirectTo: "http://127.0.0.1:1/here?of=mine" };
  await client("implicit").signInWithOtp({ email: ada.email, options });
  const open1 = await follow(auth.links.newest(ada.email));
  assert.equal(new URLSearchParams(open1.hash.slice(1)).get("token_type"), "bearer");
  assert.equal(
    new URLSearchParams((await follow(auth.links.newest(ada.email))).hash.slice(1)).get("error_code"),
    "otp_expired",
  );

  const asking = client();
  await asking.signInWithOtp({ email: ada.email, options });
  const back = await follow(auth.links.newest(ada.email));
  const code = back.searchParams.get("code") ?? "";
  assert.deepEqual([back.searchParams.get("of"), back.hash], ["mine", ""]);
  const another = client();
  await another.signInWithOtp({ email: ada.email, options });
  assert.equal((await another.exchangeCodeForSession(code)).error?.code, "bad_code_verifier");
  assert.equal((await asking.exchangeCodeForSession(code)).data.user?.email, ada.email);
  assert.equal((await asking.exchangeCodeForSession(code)).data.session, null);
});

test("refusals are worded as the version says that is asked for, and faults come when they are told to", async (t) => {
  const { auth, client, ask, url } = await open(t);
  const wrong = { method: "POST", body: JSON.stringify({ ...ada, password: "another" }) };
  const path = "/token?grant_type=password";
  assert.deepEqual(await (await ask(path, wrong)).json(), {
    code: 400,
    error_code: "invalid_credentials",
    msg: "Invalid login credentials",
  });
  const dated = await ask(path, { ...wrong, headers: { "X-Supabase-Api-Version": "2024-01-01" } });
  assert.deepEqual(await dated.json(), { code: "invalid_credentials", message: "Invalid login credentials" });
  assert.equal((await fetch(`${url}/settings`)).status, 401);
  auth.faults.push({ path: "/token", status: 429, times: 1 });
  assert.equal((await client().signInWithPassword(ada)).error?.code, "over_request_rate_limit");
  assert.equal((await client().signInWithPassword(ada)).error, null);
});
