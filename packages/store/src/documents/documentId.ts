import { QuireError } from "@quire/core";

/** @throws QuireError `document_not_found` unless it is a UUID: no document has such an id */
export function assertDocumentId(id: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return id;
  throw documentNotFound();
}

export function documentNotFound(): QuireError {
  return new QuireError(
    "document_not_found",
    "There is no such document. The list of documents (`quire list`) shows those there are.",
  );
}

export function documentErased(): QuireError {
  return new QuireError(
    "document_erased",
    "The document was deleted. To have it again, send its file again.",
  );
}

export function originalErased(): QuireError {
  return new QuireError(
    "original_erased",
    "The file of the document was erased, as it was kept long enough; what was read of it is still there. To read it " +
      "again, send its file again.",
  );
}
