import { createHash, timingSafeEqual } from "node:crypto";

/**
 * Whether an `Authorization` header carries this token, as `Bearer …`. Compared by digests, so that the time it takes
 * tells nothing about the token, its length included. Without a token everybody may ask.
 */
export function carriesToken(header: string | undefined, token: string | null): boolean {
  if (token === null) return true;
  const given = /^Bearer +(\S+) *$/i.exec(header ?? "")?.[1] ?? "";
  return timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
