import assert from "node:assert/strict";
import { test } from "node:test";
import { isLoopback } from "./loopback.ts";

test("only what can mean nothing but this machine is loopback", () => {
  for (const host of [
    "localhost",
    "LOCALHOST",
    "127.0.0.1",
    "127.8.9.10",
    "::1",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
  ])
    assert.ok(isLoopback(host), host);
  const others = [
    "0.0.0.0",
    "::",
    "192.168.1.2",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "",
    "127.1",
    "[::2]",
  ];
  for (const host of [...others, "2130706433", "0x7f.0.0.1", "evil.example"])
    assert.ok(!isLoopback(host), host);
});
