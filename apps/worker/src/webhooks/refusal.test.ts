import assert from "node:assert/strict";
import type { LookupAddress } from "node:dns";
import { type TestContext, test } from "node:test";
import type { Delivery } from "@quire/store";
import { addressesOf } from "./receiver.ts";
import { type SendOptions, send } from "./send.ts";
import { Receiver } from "./testing/receiver.ts";

const { signal } = new AbortController();
const ipv4 = (address: string): LookupAddress => ({ address, family: 4 });
/** Public; nothing is ever sent there. */
const somewhere = ipv4("1.1.1.1");

const delivery = (url: string): Delivery => ({
  messageId: "d2719c3c-0b9f-4f0a-8a53-0d5f8a3c6b77",
  webhookId: "0f0d3a62-93a5-4d6c-a3a3-21f1e64a4b55",
  url,
  secret: `whsec_${Buffer.alloc(32).toString("base64")}`,
  body: "{}",
});

/** Sends to `host` at the receiver's port, by its name servers' answers one after the other. */
async function sent(
  t: TestContext,
  host: string,
  options: Partial<SendOptions>,
  answers: LookupAddress[][] = [],
) {
  const receiver = await Receiver.open(t);
  const asked: string[] = [];
  const resolve = async (name: string) => {
    asked.push(name);
    const answer = answers[Math.min(asked.length, answers.length) - 1];
    if (!answer?.length) throw new Error("no such name");
    return answer;
  };
  const url = `${options.allowPrivate ? "http" : "https"}://${host}:${receiver.port}/`;
  const again = () => send(delivery(url), { allowPrivate: false, signal, resolve, ...options });
  return { failure: await again(), again, receiver, asked };
}

const refused = { error: "address_refused", status: null };

test("no connection is made to an address of one's own network, however it is written", async (t) => {
  for (const host of [
    "127.0.0.1",
    "2130706433",
    "0x7f.1",
    "0177.0.0.1",
    "0",
    "[::1]",
    "[::ffff:127.0.0.1]",
  ]) {
    const { failure, receiver } = await sent(t, host, {});
    assert.deepEqual(failure, refused, host);
    assert.equal(receiver.messages.length, 0);
  }
});

test("nor to a name that stands for one, alone or among others", async (t) => {
  const [loopback, private_] = [ipv4("127.0.0.1"), ipv4("10.0.0.8")];
  for (const answer of [[loopback], [somewhere, private_], [private_, somewhere]]) {
    const { failure, asked } = await sent(t, "hooks.example", {}, [answer]);
    assert.deepEqual(failure, refused);
    assert.deepEqual(asked, ["hooks.example"]);
  }
});

test("a name that answers differently the second time is not asked a second time", async (t) => {
  const { failure, asked, receiver, again } = await sent(t, "hooks.example", { allowPrivate: true }, [
    [ipv4("127.0.0.1")],
    [ipv4("127.0.0.2")],
  ]);
  assert.equal(failure, null);
  assert.deepEqual(asked, ["hooks.example"]);
  assert.equal(receiver.messages[0]?.headers.host, `hooks.example:${receiver.port}`);
  // The next attempt asks anew, and goes to what is answered then, where nobody listens.
  assert.deepEqual(await again(), { error: "connection_failed", status: null });
  assert.equal(receiver.messages.length, 1);
});

test("a name that has moved to a private address is refused at the next attempt", async () => {
  const answers = [[somewhere], [ipv4("127.0.0.1")]];
  const rules = { allowPrivate: false, resolve: async () => answers.shift() ?? [] };
  const addresses = () => addressesOf(new URL("https://hooks.example/"), rules, signal);
  assert.deepEqual(await addresses(), [somewhere]);
  await assert.rejects(addresses(), { error: "address_refused" });
});

test("a name that has no address has not received anything", async (t) => {
  const { failure } = await sent(t, "nobody.example", {}, [[]]);
  assert.deepEqual(failure, { error: "name_not_found", status: null });
});

test("http is refused where one's own network is, even if it was allowed once", async (t) => {
  const receiver = await Receiver.open(t);
  assert.deepEqual(await send(delivery(receiver.url), { allowPrivate: false, signal }), refused);
  assert.equal(receiver.messages.length, 0);
});

test("who speaks no TLS, where an https address is, has not received it", async (t) => {
  const receiver = await Receiver.open(t);
  const url = `https://127.0.0.1:${receiver.port}/`;
  assert.deepEqual(await send(delivery(url), { allowPrivate: true, signal }), {
    error: "tls_failed",
    status: null,
  });
});
