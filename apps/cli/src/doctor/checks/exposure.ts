import { type Check, ok, warning } from "../check.ts";

const loopback = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

/** Who can ask what from outside. */
export const exposure: Check = {
  name: "exposure",
  withinSeconds: 1,
  run({ config: { health } }) {
    if (loopback.test(health.host)) return ok("A worker answers on this machine only.");
    return health.token === null
      ? warning(
          "Whoever reaches a worker's port sees its figures.",
          "Set OPERATIONS_TOKEN, or HOST to 127.0.0.1; /health stays open for the host's check.",
        )
      : ok("A worker's figures need OPERATIONS_TOKEN.");
  },
};
