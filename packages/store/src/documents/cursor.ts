import { QuireError } from "@quire/core";

/** The place in a list after which it goes on: the newest document comes first, and of a document its first page. */
export interface Place {
  /** When the document was added, in microseconds since 1970 as a decimal number: a Date has only milliseconds. */
  readonly createdMicros: string;
  readonly documentId: string;
  /** 0 in a list of documents. */
  readonly pageNumber: number;
}

/** The same as a value of SQL, of the document `d`. */
export const createdMicros = `(extract(epoch from d.created_at) * 1000000)::bigint::text`;
/** The way back, of a parameter that holds such a number. */
export const createdAtOf = (parameter: string) =>
  `(timestamptz 'epoch' + ${parameter}::bigint * interval '1 microsecond')`;

/** 16 digits are good until the year 2286; 9 are more pages than there are in any document. */
const pattern = /^(\d{1,16}) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) (\d{1,9})$/;

/** A place as it is handed out: to be handed back, not to be understood. */
export function cursorOf({ createdMicros, documentId, pageNumber }: Place): string {
  return Buffer.from(`${createdMicros} ${documentId} ${pageNumber}`).toString("base64url");
}

/** @returns null for the start of a list @throws QuireError `invalid_request` if it is none that was handed out */
export function placeOf(cursor: string | null | undefined): Place | null {
  if (cursor === null || cursor === undefined) return null;
  const [, createdMicros, documentId, pageNumber] =
    Buffer.from(cursor, "base64url").toString().match(pattern) ?? [];
  if (createdMicros === undefined || documentId === undefined || pageNumber === undefined)
    throw new QuireError(
      "invalid_request",
      "The list cannot be gone on with from there. Leave `after` out to begin at its start.",
    );
  return { createdMicros, documentId, pageNumber: Number(pageNumber) };
}
