import assert from "node:assert/strict";
import { test } from "node:test";
import { sniffFormat } from "./sniff.ts";

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");
const isoMedia = (...brands: string[]) => {
  const body = brands.map((brand, index) => (index === 1 ? `\0\0\0\0${brand}` : brand)).join("");
  const box = Buffer.alloc(8 + body.length);
  box.writeUInt32BE(box.length, 0);
  box.write(`ftyp${body}`, 4, "latin1");
  return box;
};

test("formats are told by their first bytes", () => {
  const samples: [string, Buffer][] = [
    ["pdf", Buffer.from("%PDF-1.7\n")],
    ["pdf", Buffer.concat([Buffer.from("some mail header\r\n"), Buffer.from("%PDF-1.4")])],
    ["tiff", hex("49492a00 08000000")],
    ["tiff", hex("4d4d002a 00000008")],
    ["tiff", hex("49492b00 08000000")],
    ["jpeg", hex("ffd8ffe0")],
    ["png", hex("89504e470d0a1a0a")],
    ["webp", Buffer.from("RIFF\0\0\0\0WEBPVP8 ", "latin1")],
    ["gif", Buffer.from("GIF89a")],
    ["bmp", Buffer.concat([Buffer.from("BM"), Buffer.alloc(12), hex("28000000")])],
    ["avif", isoMedia("avif", "mif1", "miaf")],
    ["avif", isoMedia("mif1", "avif")],
  ];
  for (const [format, head] of samples) assert.equal(sniffFormat(head), format);
});

test("a refusal names what was found, what is accepted, and what to do", () => {
  const refused: [Buffer, RegExp][] = [
    [isoMedia("heic", "mif1"), /^This is HEIC; accepted are PDF, TIFF.*Convert it to JPEG/],
    [isoMedia("mif1", "heic"), /^This is HEIC/],
    [Buffer.from("P5\n3 3\n255\n"), /^This is Netpbm;.*Convert it to one of these/],
    [hex("504b030414000600"), /^This is an Office or ZIP file;.*Save it as PDF/],
    [Buffer.from("Dear colleague,\n"), /^This is plain text/],
    [Buffer.from('<?xml version="1.0"?><svg/>'), /^This is XML, SVG or HTML/],
    [hex("00ff10ff20ff"), /^This is no format known here; accepted are PDF.*Convert it/],
    [Buffer.from("BM is how this text begins"), /^This is plain text/],
  ];
  for (const [head, message] of refused) {
    assert.throws(() => sniffFormat(head), { code: "unsupported_format", message });
  }
});
