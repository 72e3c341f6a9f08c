import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { get, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, type TestContext, test } from "node:test";
import { startMigratedCluster, type TestCluster } from "@quire/store/testing";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

async function start(t: TestContext): Promise<{ child: ChildProcess; port: number }> {
  const folder = mkdtempSync(join(tmpdir(), "quire-web-process-"));
  const child = fork(new URL("./testing/webProcess.js", import.meta.url), {
    env: {
      ...process.env,
      DATABASE_URL: await cluster.createDatabase(),
      QUIRE_HOME: folder,
      FILE_STORE_DIR: join(folder, "files"),
      PORT: "0",
      LOG_LEVEL: "error",
    },
  });
  t.after(() => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  const [{ url }] = (await once(child, "message")) as [{ url: string }];
  return { child, port: Number(new URL(url).port) };
}

/** A stream of events, an upload half way and a connection that is kept. */
async function busy(port: number): Promise<{ ended: Promise<unknown> }> {
  const opened = Promise.withResolvers<IncomingMessage>();
  get({ port, host: "127.0.0.1", path: "/api/events", agent: false }, opened.resolve);
  const stream = await opened.promise;
  await once(stream, "readable");
  const upload = connect(port, "127.0.0.1");
  upload.write("POST /api/documents HTTP/1.1\r\nHost: localhost\r\nContent-Length: 400000\r\n\r\n%PDF-1.7\n");
  await (await fetch(`http://127.0.0.1:${port}/health`)).text();
  return { ended: Promise.all([text(stream).catch(() => ""), text(upload).catch(() => "")]) };
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  test(`${signal} ends the server, whoever is connected, with code 0`, async (t) => {
    const { child, port } = await start(t);
    const { ended } = await busy(port);
    child.kill(signal);
    assert.deepEqual(await once(child, "exit"), [0, null]);
    await ended;
  });
}

test("a server whose supervisor is gone leaves", async (t) => {
  const { child, port } = await start(t);
  const { ended } = await busy(port);
  child.disconnect();
  assert.deepEqual(await once(child, "exit"), [0, null]);
  await ended;
});
