import type { LookupAddress } from "node:dns";
import { lookup, Resolver } from "node:dns/promises";
import { isIP } from "node:net";

/** The addresses of a name; rejects where it has none. */
export type ResolveHost = (host: string, signal: AbortSignal) => Promise<LookupAddress[]>;

/** So that a name server that is away is found out well within the time of a delivery. */
const resolverOptions = { timeout: 2_000, tries: 2 };

/**
 * Asks the name servers themselves: the system's resolver occupies one of the four threads that also read files, for as
 * long as it waits, and cannot be told to stop.
 */
export async function resolvePublicHost(host: string, signal: AbortSignal): Promise<LookupAddress[]> {
  const resolver = new Resolver(resolverOptions);
  const cancel = () => resolver.cancel();
  signal.addEventListener("abort", cancel);
  try {
    const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    const addresses = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
    if (addresses.length > 0) return addresses.map(withFamily);
    throw answers.find((answer) => answer.status === "rejected")?.reason;
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

/** As the machine does it: names of one's own network may stand in /etc/hosts. */
export function resolveOwnHost(host: string): Promise<LookupAddress[]> {
  return lookup(host, { all: true });
}

function withFamily(address: string): LookupAddress {
  return { address, family: isIP(address) };
}
