import type { SettingsAnswer } from "../api/answers.ts";
import { size } from "../wording/sizes.ts";
import { type RefusedFormat, sniffedBytes, sniffFormat } from "./sniffFormat.ts";

/** A file that is not sent, and what to do instead. */
export interface Refusal {
  readonly name: string;
  readonly words: string;
}

const readFormats = "Quire reads PDF, TIFF, JPEG, PNG, WebP, BMP and GIF.";

const remedies: Readonly<Record<RefusedFormat, string>> = {
  heic: "This is an iPhone photo (HEIC), which Quire does not read. Share or export it as JPEG and choose that.",
  office: "This is an Office document, which Quire does not read. Save it as a PDF and choose that.",
  program: `This is a program, not a document. ${readFormats}`,
  archive:
    "This is an Office document or a ZIP archive, which Quire does not read. Save it as a PDF, or unpack it, and choose that.",
};

/**
 * Looks at a file before anything is sent: its ending, its size, and its first bytes.
 * @returns why it is refused; null if it is in order
 */
export async function checkFile(file: File, settings: SettingsAnswer): Promise<Refusal | null> {
  const refuse = (words: string): Refusal => ({ name: file.name, words });
  const head = await readHead(file);
  if (head === null) {
    return refuse("It cannot be read. If it is a folder, choose the files in it.");
  }
  if (file.size === 0) {
    return refuse("This file is empty. Scan or export it again.");
  }
  const format = sniffFormat(head);
  if (format !== null && Object.hasOwn(remedies, format)) {
    return refuse(remedies[format as RefusedFormat]);
  }
  const ending = endingOf(file.name);
  if (format === null) {
    return refuse(
      ending !== null && settings.extensions.includes(ending)
        ? `Its name ends in .${ending}, but its content is something else or damaged. Scan or export it again.`
        : `This file type is not supported. ${readFormats}`,
    );
  }
  if (ending !== null && !settings.extensions.includes(ending)) {
    return refuse(`Its name ends in .${ending}. ${readFormats} Rename it if it is one of these.`);
  }
  if (file.size > settings.maxFileBytes) {
    const limit = size(settings.maxFileBytes);
    return refuse(
      `This file is ${size(file.size)}; the limit is ${limit}. Split it into smaller files, or scan in black and white at 300 dpi.`,
    );
  }
  return null;
}

/** A name without an ending is judged by the content alone. */
function endingOf(name: string): string | null {
  return /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase() ?? null;
}

async function readHead(file: File): Promise<Uint8Array | null> {
  try {
    return new Uint8Array(await file.slice(0, sniffedBytes).arrayBuffer());
  } catch {
    return null;
  }
}
