import { bmpRows } from "@quire/engine/images";
import { flateRows } from "../encode/flateRows.ts";
import { groupFour } from "../encode/groupFour.ts";
import { componentsOf, type Picture } from "./picture.ts";

/** What a picture's pixels need: black and white, levels of grey, or colour. */
type Kind = "bilevel" | "grey" | "rgb";

const rgbaBytes = 4;
const white = 255;

/**
 * A BMP, decoded and compressed without loss, in as little as its pixels need: they are gone through once to see.
 *
 * @throws QuireError `page_unreadable`
 */
export async function bmpPicture(path: string, width: number, height: number): Promise<Picture> {
  const kind = await kindOf(bmpRows(path, width, height));
  const space = kind === "rgb" ? "rgb" : "grey";
  const picture = { width, height, colour: { space, profile: null } } as const;
  const colours = componentsOf[space];
  const rows = () => samplesOf(bmpRows(path, width, height), colours);
  if (kind === "bilevel") {
    return {
      ...picture,
      bitsPerComponent: 1,
      coding: `/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns ${width} /Rows ${height} >>`,
      bytes: () => groupFour(rows(), width),
    };
  }
  return {
    ...picture,
    bitsPerComponent: 8,
    coding: `/Filter /FlateDecode /DecodeParms << /Predictor 15 /Colors ${colours} /BitsPerComponent 8 /Columns ${width} >>`,
    bytes: () => flateRows(rows(), width * colours, colours),
  };
}

async function kindOf(pieces: AsyncIterable<Uint8ClampedArray>): Promise<Kind> {
  let kind: Kind = "bilevel";
  for await (const rgba of pieces) {
    for (let at = 0; at < rgba.length; at += rgbaBytes) {
      const red = rgba[at] as number;
      if (red !== rgba[at + 1] || red !== rgba[at + 2]) return "rgb";
      if (red !== 0 && red !== white) kind = "grey";
    }
  }
  return kind;
}

async function* samplesOf(pieces: AsyncIterable<Uint8ClampedArray>, colours: 1 | 3 | 4) {
  for await (const rgba of pieces) {
    const samples = Buffer.alloc((rgba.length / rgbaBytes) * colours);
    for (let from = 0, to = 0; to < samples.length; from += rgbaBytes, to += colours) {
      for (let colour = 0; colour < colours; colour++) samples[to + colour] = rgba[from + colour] as number;
    }
    yield samples;
  }
}
