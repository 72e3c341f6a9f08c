import { QuireError } from "./errors.ts";

/**
 * Why a server cannot listen, as `port_in_use` or `invalid_configuration`.
 *
 * @param setting the environment variable that its port comes from
 */
export function cannotListen(
  cause: NodeJS.ErrnoException,
  { host, port }: { readonly host: string; readonly port: number },
  setting: "PORT" | "WEB_PORT",
): QuireError {
  if (cause.code === "EADDRINUSE") {
    return new QuireError(
      "port_in_use",
      `Port ${port} of ${host} is in use. Stop what listens there, or set ${setting} to another (0: any that is free).`,
      { cause },
    );
  }
  return new QuireError(
    "invalid_configuration",
    `${host}, port ${port}, cannot be listened on (${cause.code ?? "unknown"}). Set HOST to an address of this machine and ${setting} to 1024 or more.`,
    { cause },
  );
}
