import type { IncomingMessage } from "node:http";
import { localOwnerId } from "@quire/core";

/** Whose documents a request is about. Nobody signs in yet: then all of them are one local owner's. */
export function ownerOf(_request: IncomingMessage): string {
  return localOwnerId;
}
