import { QuireError } from "@quire/core";
import { type TiffEntries, TiffFile } from "./tiffFile.ts";

/** One page of a TIFF, as its image file directory describes it. */
export interface TiffDirectory {
  /** Place in the file's chain of directories, from 0, which is how libtiff counts. */
  readonly index: number;
  /** Where the directory stands in the file, in bytes. */
  readonly offset: number;
  readonly width: number;
  readonly height: number;
  readonly dpiAcross: number | undefined;
  readonly dpiDown: number | undefined;
  readonly orientation: number | undefined;
  /** A smaller copy of another page (NewSubfileType, bit 0). */
  readonly reduced: boolean;
}

const tag = {
  newSubfileType: 254,
  width: 256,
  height: 257,
  orientation: 274,
  xResolution: 282,
  yResolution: 283,
  unit: 296,
};
const unitCentimetre = 3;
const centimetresPerInch = 2.54;

/** Longer chains are damage or an attack; the limit on pages is far below. */
const maxDirectories = 10_000;

/**
 * Lists the pages of a TIFF or BigTIFF from its directories alone (TIFF 6.0, section 2; BigTIFF has 8-byte
 * offsets): without decoding, in a few reads of some bytes. A chain that loops ends where it meets itself.
 *
 * @throws QuireError `corrupt_file` if not even the first directory can be read
 */
export async function readTiffDirectories(path: string): Promise<TiffDirectory[]> {
  try {
    const file = await TiffFile.open(path);
    try {
      return await listDirectories(file);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new QuireError(
      "corrupt_file",
      "The TIFF is damaged: its first page cannot be found. Scan or export it again.",
      {
        cause,
      },
    );
  }
}

/**
 * The directories that are pages: thumbnails that stand beside their page are none.
 *
 * @throws QuireError `corrupt_file`
 */
export async function readTiffPages(path: string): Promise<TiffDirectory[]> {
  const directories = await readTiffDirectories(path);
  const full = directories.filter(({ reduced }) => !reduced);
  return full.length > 0 ? full : directories;
}

async function listDirectories(file: TiffFile): Promise<TiffDirectory[]> {
  const directories: TiffDirectory[] = [];
  const seen = new Set<number>();
  let offset = file.firstDirectory;
  while (offset !== 0 && !seen.has(offset) && directories.length < maxDirectories) {
    seen.add(offset);
    const directory = await file.directory(offset);
    if (directory === null) break;
    directories.push(await describe(file, directory, offset, directories.length));
    offset = directory.next;
  }
  if (directories.length === 0) throw new Error("no directory");
  return directories;
}

async function describe(
  file: TiffFile,
  { entries }: TiffEntries,
  offset: number,
  index: number,
): Promise<TiffDirectory> {
  const values = new Map<number, number | undefined>();
  for (const name of Object.values(tag)) {
    const entry = entries.get(name);
    if (entry) values.set(name, (await file.numbers(entry, 1))[0]);
  }
  const perInch = values.get(tag.unit) === unitCentimetre ? centimetresPerInch : 1;
  const dpi = (name: number) => {
    const value = (values.get(name) ?? 0) * perInch;
    return Number.isFinite(value) && value > 0 ? value : undefined;
  };
  return {
    index,
    offset,
    width: values.get(tag.width) ?? 0,
    height: values.get(tag.height) ?? 0,
    dpiAcross: dpi(tag.xResolution),
    dpiDown: dpi(tag.yResolution),
    orientation: values.get(tag.orientation),
    reduced: ((values.get(tag.newSubfileType) ?? 0) & 1) === 1,
  };
}
