import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { Transform } from "node:stream";
import { after, before, test } from "node:test";
import { TestCluster } from "../testing/testDatabase.ts";
import { canListen } from "./canListen.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await TestCluster.start(async () => {});
});
after(() => cluster.stop());

test("on a direct connection what is listened for is heard", async () => {
  assert.equal(await canListen(await cluster.createDatabase()), true);
});

test("behind what passes no notifications on, as a transaction pooler, it is not", async (t) => {
  const url = new URL(await cluster.createDatabase());
  const pooler = await withoutNotifications(Number(url.port));
  t.after(() => pooler.close());
  url.port = `${(pooler.address() as AddressInfo).port}`;
  assert.equal(await canListen(url.href), false);
});

async function withoutNotifications(port: number): Promise<Server> {
  const server = createServer((client) => {
    const database = connect(port, "127.0.0.1");
    database.pipe(dropNotifications()).pipe(client);
    client.pipe(database);
    for (const end of [client, database]) end.on("error", () => {});
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

/** Messages are a letter, a length that counts itself, and content (PostgreSQL, Message Formats); `A` notifies. */
function dropNotifications(): Transform {
  const notification = "A".charCodeAt(0);
  let pending = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      pending = Buffer.concat([pending, chunk]);
      while (pending.length >= 5 && pending.length >= 1 + pending.readUInt32BE(1)) {
        const message = pending.subarray(0, 1 + pending.readUInt32BE(1));
        pending = pending.subarray(message.length);
        if (message[0] !== notification) this.push(message);
      }
      done();
    },
  });
}
