import { type Check, failure, ok } from "../check.ts";

const leastMajor = 24;

/** The engine's permission model, among others, is of that version. */
export const node: Check = {
  name: "Node",
  withinSeconds: 1,
  run() {
    const { node: version } = process.versions;
    return Number(version.split(".")[0]) >= leastMajor
      ? ok(version)
      : failure(`${version} is too old.`, `Run it with Node ${leastMajor}: npx quire brings it.`);
  },
};
