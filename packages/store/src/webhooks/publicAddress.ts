import { BlockList, isIPv4, isIPv6 } from "node:net";

/**
 * IPv4 that is not on the public internet: the special-purpose registry of IANA (RFC 6890), multicast (RFC 5771) and
 * what is reserved above it, broadcast included. 169.254.169.254, where clouds keep credentials, is link-local.
 */
const special4: readonly [network: string, bits: number][] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.31.196.0", 24],
  ["192.52.193.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["192.175.48.0", 24],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

/**
 * Within 2000::/3, the only IPv6 that is routed publicly: protocol assignments (Teredo among them, which carries an
 * IPv4 address), documentation, 6to4 (likewise), AS112.
 */
const special6: readonly [network: string, bits: number][] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["2620:4f:8000::", 48],
  ["3fff::", 20],
];

const refused4 = blockList("ipv4", special4);
const refused6 = blockList("ipv6", special6);
const routed6 = blockList("ipv6", [["2000::", 3]]);

/**
 * Whether an address is one on the public internet, whose owner we are not. Loopback, private, link-local, unique local,
 * shared (CGNAT), multicast, unspecified, documentation, IPv4 inside IPv6 (mapped, NAT64, 6to4, Teredo): none of them is.
 */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !refused4.check(address, "ipv4");
  // A zone makes it link-local.
  if (!isIPv6(address) || address.includes("%")) return false;
  return routed6.check(address, "ipv6") && !refused6.check(address, "ipv6");
}

function blockList(family: "ipv4" | "ipv6", networks: readonly [string, number][]): BlockList {
  const list = new BlockList();
  for (const [network, bits] of networks) list.addSubnet(network, bits, family);
  return list;
}
