import { whenToldToLeave } from "@quire/core";
import { describeError } from "@quire/core/log";
import { WebServer, type WebServerOptions } from "./webServer.ts";

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
  // What nobody caught may carry anything: it is told like any other error, and the supervisor starts another server.
  process.on("uncaughtException", (error) => {
    log.error({ error: describeError(error) }, "web server dies of an error nobody caught");
    process.exit(1);
  });
  using _told = whenToldToLeave((reason) => {
    log.info({ reason }, "web server leaves");
    told.resolve();
  });
  const server = await WebServer.start(options);
  onListening(server.url);
  await told.promise;
  await server.close();
  return 0;
}
