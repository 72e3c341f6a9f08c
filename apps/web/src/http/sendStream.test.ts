import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { sendStream } from "./sendStream.ts";

/** A client, and the response that it waits for. */
async function ask(t: TestContext) {
  const asked = Promise.withResolvers<ServerResponse>();
  const server = createServer((_request, response) => asked.resolve(response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  client.write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  return { client, response: await asked.promise };
}

const endless = () =>
  new Readable({
    read(sizeBytes) {
      this.push(Buffer.alloc(sizeBytes));
    },
  });

test("all of it is sent", async (t) => {
  const { client, response } = await ask(t);
  const [answer] = await Promise.all([text(client), sendStream(Readable.from(["one", "two"]), response)]);
  assert.match(answer, /one\r\n.*two/s);
});

test("a stream is closed whose client has gone before it began, or goes while it is sent", async (t) => {
  const early = await ask(t);
  early.client.destroy();
  await once(early.response, "close");
  const unread = endless();
  await sendStream(unread, early.response);
  assert.ok(unread.destroyed);

  const late = await ask(t);
  const half = endless();
  const sending = sendStream(half, late.response);
  await once(late.client, "readable");
  late.client.destroy();
  await assert.rejects(sending, { code: "ERR_STREAM_PREMATURE_CLOSE" });
  assert.ok(half.destroyed);
});
