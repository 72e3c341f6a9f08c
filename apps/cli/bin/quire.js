#!/usr/bin/env node
// Plain JavaScript and in the repository, so that npm can link the command before the first build.
const major = Number(process.versions.node.split(".")[0]);
if (major < 24) {
  console.error(`quire: needs Node 24, this is ${process.versions.node}. Run it as: npx quire`);
  process.exit(2);
}
await import("../dist/main.js");
