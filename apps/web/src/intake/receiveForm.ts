import type { IncomingMessage } from "node:http";
import { Busboy, type BusboyInstance } from "@fastify/busboy";
import { QuireError } from "@quire/core";
import type { StoredFile } from "@quire/store";
import { type DetailName, detailNames } from "./details.ts";
import type { Received, StoreContent } from "./receiveBody.ts";

/** What a form may have beside its one file; a field's value is a list of languages at most. */
const limits = {
  files: 1,
  fields: detailNames.length,
  fieldNameSize: 100,
  fieldSize: 1_000,
  headerPairs: 20,
  headerSize: 8_192,
};
/** Boundaries, names and fields around a file, in bytes: what a form may be longer than what is in it. */
export const formOverheadBytes = 64 * 1024;

export function isForm({ headers }: IncomingMessage): boolean {
  return /^multipart\/form-data\s*(;|$)/i.test(headers["content-type"] ?? "");
}

/**
 * A form (`multipart/form-data`) with one file, and fields before or after it. Nothing of the file is held.
 *
 * @throws QuireError `invalid_request` where it is no such form; what `store` throws; the signal's reason
 */
export async function receiveForm(
  request: IncomingMessage,
  store: StoreContent,
  signal: AbortSignal,
): Promise<Received> {
  const parser = parserOf(request);
  const fields: Partial<Record<DetailName, string>> = {};
  const whole = Promise.withResolvers<void>();
  let storing: Promise<StoredFile> | null = null;
  let breakOff = () => {};
  let nameOfFile: string | undefined;

  parser.on("file", (_name, content, filename) => {
    nameOfFile = filename;
    // Also when it breaks off after it has been stored, and nobody reads it any more.
    content.on("error", () => {});
    breakOff = () => content.destroy(new Error("the form broke off"));
    storing = store(content);
    storing.catch((error) => whole.reject(isOurs(error, signal) ? error : malformed(error)));
  });
  parser.on("field", (name, value, _nameIsCut, valueIsCut) => {
    const known = detailNames.find((each) => each === name);
    if (!known || valueIsCut)
      whole.reject(wrong(`A field of the form is none of ${detailNames.join(", ")}, or too long.`));
    else fields[known] = value;
  });
  parser.on("filesLimit", () => whole.reject(wrong("The form has more than one file. Send one at a time.")));
  parser.on("fieldsLimit", () => whole.reject(wrong("The form has too many fields.")));
  parser.on("error", (error) => whole.reject(malformed(error)));
  parser.on("finish", () => whole.resolve());
  const abort = () => whole.reject(signal.reason);
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  request.pipe(parser);
  try {
    await whole.promise;
    if (!storing) throw wrong("The form has no file.");
    // A name that is given on purpose goes before the one that the file had.
    return { stored: await storing, given: { filename: nameOfFile, ...fields } };
  } catch (error) {
    request.unpipe(parser);
    breakOff();
    // What was being stored is gone when this is over.
    await (storing as Promise<StoredFile> | null)?.catch(() => {});
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function parserOf({ headers }: IncomingMessage): BusboyInstance {
  try {
    return new Busboy({ headers: { ...headers, "content-type": headers["content-type"] ?? "" }, limits });
  } catch (error) {
    throw malformed(error);
  }
}

function isOurs(error: unknown, signal: AbortSignal): boolean {
  return error instanceof QuireError || (signal.aborted && error === signal.reason);
}

function malformed(cause: unknown): QuireError {
  return new QuireError("invalid_request", "The form cannot be read, or ends before its last boundary.", {
    cause,
  });
}

function wrong(message: string): QuireError {
  return new QuireError("invalid_request", message);
}
