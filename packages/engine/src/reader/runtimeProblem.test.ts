import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { runtimeProblem } from "./runtimeProblem.ts";

const { resolve } = createRequire(import.meta.url);

test("nothing speaks against a platform that onnxruntime-node has a library for", () => {
  assert.equal(runtimeProblem({ platform: "linux", arch: "x64", resolve }), null);
});

test("a platform without a library is named", () => {
  const problem = runtimeProblem({ platform: "plan9", arch: "mips", resolve });
  assert.equal(problem, "onnxruntime-node has no library for plan9-mips");
});

test("that it is not installed is said", () => {
  const nowhere = () => {
    throw new Error("Cannot find module");
  };
  assert.equal(
    runtimeProblem({ platform: "linux", arch: "x64", resolve: nowhere }),
    "onnxruntime-node is not installed",
  );
});
