import { QuireError } from "@quire/core";
import { Metadata } from "@tus/server";
import type { Request, Response } from "express";

const protocolVersion = "1.0.0";
const length = /^(0|[1-9]\d{0,14})$/;

/** Headers of the protocol, and what they may be (https://tus.io/protocols/resumable-upload). */
const headers: readonly (readonly [name: string, isValid: (value: string) => boolean, remedy: string])[] = [
  ["upload-offset", (value) => length.test(value), "a number of bytes"],
  ["upload-length", (value) => length.test(value), "a number of bytes"],
  ["upload-defer-length", (value) => value === "1", "1"],
  ["upload-metadata", isMetadata, "pairs of a key and a base64 value, with commas between them"],
  ["upload-concat", () => false, "left out: uploads in parts are not known here"],
  ["tus-version", (value) => value === protocolVersion, protocolVersion],
  ["x-forwarded-proto", (value) => /^https?$/.test(value), "http or https"],
];

/**
 * Checks what the library would refuse in plain text, before it sees it.
 *
 * @throws QuireError `unsupported_upload_protocol`, `invalid_request`
 */
export function checkTusRequest(request: Request, response: Response): void {
  response.set("Tus-Resumable", protocolVersion);
  if (request.method === "OPTIONS") return;
  if (request.get("Tus-Resumable") !== protocolVersion) {
    response.set("Tus-Version", protocolVersion);
    throw new QuireError(
      "unsupported_upload_protocol",
      `This is for resumable uploads: send Tus-Resumable: ${protocolVersion}. To send a file at once: POST /api/documents.`,
    );
  }
  for (const [name, isValid, remedy] of headers) {
    const value = request.get(name);
    if (value !== undefined && !isValid(value))
      throw new QuireError("invalid_request", `The header ${name} must be ${remedy}.`);
  }
  const type = request.get("Content-Type");
  if (request.method === "PATCH" && type !== "application/offset+octet-stream")
    throw new QuireError(
      "invalid_request",
      "The header content-type must be application/offset+octet-stream.",
    );
}

function isMetadata(value: string): boolean {
  try {
    Metadata.parse(value);
    return true;
  } catch {
    return false;
  }
}
