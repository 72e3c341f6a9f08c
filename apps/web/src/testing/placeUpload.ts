import { mkdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { localOwnerId } from "@quire/core";
import type { TakenIn } from "../intake/intake.ts";

export interface PlacedUpload {
  readonly id: string;
  readonly ownerId?: string;
  /** Null: its bytes are gone. */
  readonly content: Buffer | null;
  /** Of all of it; by default what is there. */
  readonly sizeBytes?: number;
  readonly metadata?: Record<string, string>;
  readonly finished?: TakenIn;
  /** When it was begun, ISO 8601. */
  readonly creation_date?: string;
  /** Since it last changed. */
  readonly ageHours?: number;
}

/** Puts an upload into the folder as a server that died left it. */
export async function placeUpload(uploadDir: string, upload: PlacedUpload): Promise<void> {
  const {
    id,
    ownerId = localOwnerId,
    content,
    metadata = {},
    finished,
    creation_date,
    ageHours = 0,
  } = upload;
  const folder = join(uploadDir, ownerId);
  await mkdir(folder, { recursive: true });
  const size = upload.sizeBytes ?? content?.length ?? 0;
  const record = {
    id: `${ownerId}/${id}`,
    size,
    offset: 0,
    metadata,
    creation_date,
    ...(finished && { finished }),
  };
  const paths = [join(folder, `${id}.json`)];
  await writeFile(join(folder, `${id}.json`), JSON.stringify(record));
  if (content) {
    await writeFile(join(folder, id), content);
    paths.push(join(folder, id));
  }
  const changedAt = new Date(Date.now() - ageHours * 3_600_000);
  for (const path of paths) await utimes(path, changedAt, changedAt);
}
