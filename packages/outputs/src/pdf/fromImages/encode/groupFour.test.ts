import assert from "node:assert/strict";
import { test } from "node:test";
import { sharp } from "@quire/engine/images";
import { groupFourTiff } from "../../../testing/groupFourTiff.ts";
import { photometrics } from "../tiff/tiffLayout.ts";

const [black, white] = [0, 255];

/** Encodes rows, and decodes them with libtiff. */
async function throughLibtiff(rows: readonly Uint8Array[]): Promise<Buffer> {
  const tiff = await groupFourTiff(rows, photometrics.whiteIsZero);
  return sharp(tiff, { failOn: "warning" }).toColourspace("b-w").raw().toBuffer();
}

test("runs of every length up to a page's width, of both colours, come back", async () => {
  const width = 6_000;
  const rows: Buffer[] = [];
  for (let run = 0; run < 2_700; run++) {
    // A white row between them, so that runs are coded as such and not by the row above.
    rows.push(Buffer.alloc(width, white), Buffer.alloc(width, white).fill(black, run, 2 * run + 1));
  }
  rows.push(Buffer.alloc(width, black), Buffer.alloc(width, white).fill(black, 0, 5_500));
  const decoded = await throughLibtiff(rows);
  assert.ok(decoded.equals(Buffer.concat(rows)));
});

test("pixels without any order come back, whatever the width", async () => {
  let state = 7;
  const random = () => {
    state = (state * 48_271) % 0x7fffffff;
    return state / 0x7fffffff;
  };
  for (const width of [1, 2, 7, 8, 9, 63, 64, 65, 333]) {
    for (const share of [0.02, 0.5, 0.98]) {
      const rows = Array.from({ length: 40 }, () =>
        Buffer.from(Array.from({ length: width }, () => (random() < share ? black : white))),
      );
      assert.ok((await throughLibtiff(rows)).equals(Buffer.concat(rows)), `${width} wide`);
    }
  }
});
