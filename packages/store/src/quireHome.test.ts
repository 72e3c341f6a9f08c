import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { quireHome } from "./quireHome.ts";

const home = mkdtempSync(join(tmpdir(), "quire-home-"));
after(() => rmSync(home, { recursive: true }));

test("QUIRE_HOME decides, and is made absolute", () => {
  assert.equal(quireHome("/srv/quire", home, 0), "/srv/quire");
  assert.equal(quireHome("here", home, 1000), resolve("here"));
  assert.equal(quireHome(null, home, 1000), join(home, ".quire"));
});

test("root leaves a home folder that is closed to others", { skip: process.platform === "win32" }, () => {
  chmodSync(home, 0o700);
  assert.equal(quireHome(null, home, 0), "/var/lib/quire");
  assert.equal(quireHome(null, home, 1000), join(home, ".quire"));
  chmodSync(home, 0o711);
  assert.equal(quireHome(null, home, 0), join(home, ".quire"));
});
