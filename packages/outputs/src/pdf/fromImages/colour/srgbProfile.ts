/** Red, green, blue and white of sRGB (IEC 61966-2-1) adapted to the D50 of profiles, as CIE XYZ. */
const points = {
  rXYZ: [0.43607, 0.22249, 0.01392],
  gXYZ: [0.38515, 0.71687, 0.09708],
  bXYZ: [0.14307, 0.06061, 0.7141],
  wtpt: [0.9642, 1, 0.82491],
} as const;

/** Steps of the curve: as many as the profiles that come with systems have. */
const curveSteps = 1024;
const highest = 0xffff;
const headerBytes = 128;
const tagBytes = 12;
const fixedPoint = 0x10000;

/**
 * The sRGB profile that says what the colours of an archival PDF are, made from the standard's figures so that no
 * file of somebody's has to be carried: ICC.1:2001-04 (version 2), matrix and curve.
 */
export function srgbProfile(): Buffer {
  const curve = curveTag();
  const tags: [string, Buffer][] = [
    ["desc", descriptionTag("sRGB IEC61966-2.1")],
    ["cprt", tag("text", Buffer.from("No copyright, use freely\0", "latin1"))],
    ...Object.entries(points).map(([name, xyz]): [string, Buffer] => [name, tag("XYZ ", fixed(xyz))]),
    ["rTRC", curve],
    ["gTRC", curve],
    ["bTRC", curve],
  ];
  const table = Buffer.alloc(4 + tags.length * tagBytes);
  table.writeUInt32BE(tags.length, 0);
  const bodies: Buffer[] = [];
  const places = new Map<Buffer, number>();
  let end = headerBytes + table.length;
  for (const [index, [name, body]] of tags.entries()) {
    if (!places.has(body)) {
      places.set(body, end);
      bodies.push(body);
      end += body.length;
    }
    table.write(name, 4 + index * tagBytes, "latin1");
    table.writeUInt32BE(places.get(body) as number, 8 + index * tagBytes);
    table.writeUInt32BE(body.length, 12 + index * tagBytes);
  }
  return Buffer.concat([header(end), table, ...bodies]);
}

/** A display profile from RGB to XYZ, perceptual, made on the day that sRGB was published. */
function header(length: number): Buffer {
  const bytes = Buffer.alloc(headerBytes);
  bytes.writeUInt32BE(length, 0);
  bytes.writeUInt32BE(0x02100000, 8);
  bytes.write("mntrRGB XYZ ", 12, "latin1");
  for (const [index, part] of [1999, 10, 18].entries()) bytes.writeUInt16BE(part, 24 + index * 2);
  bytes.write("acsp", 36, "latin1");
  fixed(points.wtpt).copy(bytes, 68);
  return bytes;
}

/** A tag's type, four bytes that are kept free, and its value, up to a multiple of four. */
function tag(type: string, value: Buffer): Buffer {
  const padding = Buffer.alloc((4 - (value.length % 4)) % 4);
  return Buffer.concat([Buffer.from(type, "latin1"), Buffer.alloc(4), value, padding]);
}

/** The name in ASCII; Unicode and Macintosh, which have places of their own, are left empty. */
function descriptionTag(name: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(name.length + 1);
  const others = Buffer.alloc(4 + 4 + 2 + 1 + 67);
  return tag("desc", Buffer.concat([length, Buffer.from(`${name}\0`, "latin1"), others]));
}

function curveTag(): Buffer {
  const value = Buffer.alloc(4 + curveSteps * 2);
  value.writeUInt32BE(curveSteps);
  for (let step = 0; step < curveSteps; step++) {
    value.writeUInt16BE(Math.round(linear(step / (curveSteps - 1)) * highest), 4 + step * 2);
  }
  return tag("curv", value);
}

/** IEC 61966-2-1, 5.2. */
function linear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function fixed(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries())
    bytes.writeInt32BE(Math.round(value * fixedPoint), index * 4);
  return bytes;
}
