import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { after, before, test } from "node:test";
import { localOwnerId } from "@quire/core";
import { OwnedDocuments } from "@quire/store";
import { startMigratedCluster, type TestCluster } from "@quire/store/testing";
import { insertPages } from "../testing/insertPages.ts";
import { Served } from "../testing/served.ts";
import { DocumentWatch } from "./documentWatch.ts";
import { EventStream } from "./eventStream.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

test("nothing piles up for a client that does not read", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await served.send();
  await insertPages(served.database, id, 10_000);
  const asked = Promise.withResolvers<ServerResponse>();
  const server = createServer((_request, response) => asked.resolve(response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  t.after(() => client.destroy());
  client.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const stream = EventStream.open(await asked.promise);

  const watch = new DocumentWatch(id, new OwnedDocuments(served.database, localOwnerId));
  watch.add(stream, 0);
  // Where the kernel has room again, it drains; what it takes is bounded.
  while (!stream.isCongested) await watch.look();
  const lookups = 20;
  for (let count = 0; count < lookups; count++) {
    await watch.look();
    watch.refresh({ queuePosition: count, secondsLeft: count });
    stream.ping();
  }
  // One part of the pages, of 2,200 bytes each.
  const partBytes = 200 * 2_300;
  assert.ok(stream.unsentBytes <= partBytes, `${stream.unsentBytes}`);
  assert.equal(watch.isBehind, false);
});
