import assert from "node:assert/strict";
import { test } from "node:test";
import { webhookUrl } from "./webhookUrl.ts";

const invalid = { code: "invalid_webhook" };

test("an address is https on the public internet, in its normal form", () => {
  const { href } = webhookUrl("HTTPS://Hooks.Example.com:443/a b?key=1#part", { allowPrivate: false });
  assert.equal(href, "https://hooks.example.com/a%20b?key=1");
  assert.equal(webhookUrl("https://[2606:4700::1111]:8443/", { allowPrivate: false }).port, "8443");
});

test("anything else is refused, however it is written", () => {
  for (const text of [
    ...[
      "",
      "hooks.example.com",
      "ftp://hooks.example.com/",
      "javascript:alert(1)",
      "http://hooks.example.com/",
    ],
    ...[
      "https://user@hooks.example.com/",
      "https://user:word@hooks.example.com/",
      `https://a.example/${"x".repeat(2048)}`,
    ],
    ...[
      "https://localhost/",
      "https://LOCALHOST./",
      "https://db.local/",
      "https://metadata.google.internal/",
    ],
    ...["https://router/", "https://127.0.0.1/", "https://2130706433/", "https://0x7f.1/", "https://[::1]/"],
    ...["https://[::ffff:10.0.0.1]/", "https://169.254.169.254/latest/meta-data/", "https://10.0.0.1:8443/"],
  ])
    assert.throws(() => webhookUrl(text, { allowPrivate: false }), invalid, text);
});

test("one's own network only where it is allowed; never a name and password", () => {
  for (const text of [
    "http://127.0.0.1:8080/hook",
    "http://localhost:1/",
    "https://10.0.0.1/",
    "http://hooks/",
  ])
    assert.equal(webhookUrl(text, { allowPrivate: true }).href.startsWith(text), true, text);
  assert.throws(() => webhookUrl("http://me:word@127.0.0.1/", { allowPrivate: true }), invalid);
});
