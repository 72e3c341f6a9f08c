import assert from "node:assert/strict";
import { test } from "node:test";
import { isPublicAddress } from "./publicAddress.ts";

const refused = {
  "this host": ["0.0.0.0", "0.1.2.3", "::"],
  loopback: ["127.0.0.1", "127.255.255.254", "::1"],
  private: ["10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.255.255"],
  "unique local": ["fc00::1", "fd00:ec2::254", "fdff:ffff::1"],
  "link-local": ["169.254.0.1", "fe80::1", "febf::1", "fe80::1%eth0"],
  "metadata of clouds": ["169.254.169.254", "169.254.170.2", "fd00:ec2::254", "100.100.100.200"],
  "shared by carriers": ["100.64.0.1", "100.127.255.255"],
  multicast: ["224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1"],
  reserved: ["240.0.0.1", "255.255.255.255", "192.0.0.8", "192.0.0.170", "198.18.0.1", "198.19.255.255"],
  documentation: ["192.0.2.1", "198.51.100.7", "203.0.113.9", "2001:db8::1", "3fff::1"],
  "IPv4 in IPv6": ["::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:a00:1", "::127.0.0.1", "::8.8.8.8"],
  "translated or tunnelled IPv4": [
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2001::1",
    "2001:0:4136::1",
  ],
  "site-local": ["fec0::1"],
  "no address": ["", "localhost", "127.1", "1.2.3", "8.8.8.8 ", "[2606:4700::1]", "2606:4700::1%eth0"],
};

test("what is not on the public internet is refused, by whatever name it goes", () => {
  for (const [kind, addresses] of Object.entries(refused))
    for (const address of addresses) assert.equal(isPublicAddress(address), false, `${kind}: ${address}`);
});

test("what is there is not, up to the neighbours of what is refused", () => {
  for (const address of [
    ...[
      "1.1.1.1",
      "8.8.8.8",
      "9.255.255.255",
      "11.0.0.0",
      "100.63.255.255",
      "100.128.0.0",
      "126.255.255.255",
    ],
    ...["128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255"],
    ...["192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255"],
    ...["2606:4700:4700::1111", "2a00:1450:4001::200e", "2001:4860:4860::8888", "2003::1"],
  ])
    assert.equal(isPublicAddress(address), true, address);
});
