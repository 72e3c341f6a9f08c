import { describeError } from "@quire/core/log";
import { WebServer, type WebServerOptions } from "./webServer.ts";

const signals = ["SIGTERM", "SIGINT"] as const;
/** A service manager tells every process of a group, and the supervisor passes its own on: one wish, two signals. */
const sameWishWithinMs = 250;

/**
 * Runs the web server until it is told to leave, by SIGTERM or Ctrl-C, or by losing its supervisor. Told again later,
 * it ends the process at once.
 *
 * @param onListening told the address to open in a browser
 * @returns the exit code for the process
 * @throws QuireError as {@link WebServer.start}
 */
export async function runWeb(
  options: WebServerOptions,
  onListening: (url: string) => void = () => {},
): Promise<number> {
  const { log } = options;
  const told = Promise.withResolvers<void>();
  let toldAt: number | null = null;
  const leave = (reason: string) => {
    toldAt = performance.now();
    log.info({ reason }, "web server leaves");
    told.resolve();
  };
  const onSignal = (signal: NodeJS.Signals) => {
    if (toldAt === null) leave(signal);
    else if (performance.now() - toldAt > sameWishWithinMs) process.exit(1);
  };
  const onDisconnect = () => {
    if (toldAt === null) leave("supervisor gone");
  };
  // What nobody caught may carry anything: it is told like any other error, and the supervisor starts another server.
  process.on("uncaughtException", (error) => {
    log.error({ error: describeError(error) }, "web server dies of an error nobody caught");
    process.exit(1);
  });
  for (const signal of signals) process.on(signal, onSignal);
  process.once("disconnect", onDisconnect);
  // False only where there was a supervisor: it may be gone before anybody listened.
  if (process.connected === false) onDisconnect();
  try {
    const server = await WebServer.start(options);
    onListening(server.url);
    await told.promise;
    await server.close();
    return 0;
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
    process.off("disconnect", onDisconnect);
    // A channel that is still open would keep the process.
    if (process.connected) process.disconnect();
  }
}
