import { QuireError } from "@quire/core";
import type { Request, Response } from "express";

/** Both ends included. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * The one range of bytes that a request asks for (RFC 9110, 14.2). Null where it asks for all: without a range, with
 * one of another content than this (`If-Range`), with several, or with one that cannot be read, which are to be
 * answered with the whole.
 *
 * @throws QuireError `range_not_satisfiable`
 */
export function rangeOf(
  request: Request,
  response: Response,
  { sizeBytes, etag }: { readonly sizeBytes: number; readonly etag: string },
): Range | null {
  const [, first, last] =
    /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(request.get("Range")?.replaceAll(/\s/g, "") ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return null;
  const condition = request.get("If-Range");
  if (condition !== undefined && condition !== etag) return null;
  const range =
    first === ""
      ? { start: Math.max(sizeBytes - Number(last), 0), end: sizeBytes - 1 }
      : { start: Number(first), end: last === "" ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1) };
  if (first !== "" && last !== "" && Number(last) < Number(first)) return null;
  if (range.start <= range.end) return range;
  response.set("Content-Range", `bytes */${sizeBytes}`);
  throw new QuireError("range_not_satisfiable", `The file has ${sizeBytes} bytes. Ask for some of them.`);
}
