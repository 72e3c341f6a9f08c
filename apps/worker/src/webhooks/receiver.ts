import type { LookupAddress } from "node:dns";
import { isIP } from "node:net";
import { hostOf, isPublicAddress } from "@quire/store";
import { DeliveryRefusal } from "./deliveryRefusal.ts";
import { type ResolveHost, resolveOwnHost, resolvePublicHost } from "./resolveHost.ts";

export interface ReceiverRules {
  /** Also http, and addresses of one's own network. */
  readonly allowPrivate: boolean;
  /** In tests: other name servers. */
  readonly resolve?: ResolveHost;
}

/**
 * The addresses to connect to, each of them checked: whoever connects to these and asks nobody again cannot be sent
 * elsewhere by a name that answers differently the next time.
 *
 * @throws DeliveryRefusal `address_refused` where any of them is not on the public internet, `name_not_found`
 */
export async function addressesOf(
  url: URL,
  { allowPrivate, resolve = allowPrivate ? resolveOwnHost : resolvePublicHost }: ReceiverRules,
  signal: AbortSignal,
): Promise<LookupAddress[]> {
  const host = hostOf(url);
  const family = isIP(host);
  const addresses = family === 0 ? await resolved(host, resolve, signal) : [{ address: host, family }];
  if (!allowPrivate && !addresses.every(({ address }) => isPublicAddress(address)))
    throw new DeliveryRefusal("address_refused");
  return addresses;
}

async function resolved(host: string, resolve: ResolveHost, signal: AbortSignal): Promise<LookupAddress[]> {
  try {
    return await resolve(host, signal);
  } catch {
    throw new DeliveryRefusal("name_not_found");
  }
}
