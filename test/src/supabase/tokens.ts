import { createHmac, timingSafeEqual } from "node:crypto";

/** What Supabase's tokens say, as far as these services look at it. Times in seconds since 1970. */
export interface Claims {
  readonly role: "anon" | "authenticated" | "service_role";
  /** The user's id; the project's own keys have none. */
  readonly sub?: string;
  readonly exp: number;
  readonly [claim: string]: unknown;
}

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const signatureOf = (signed: string, secret: string) => createHmac("sha256", secret).update(signed).digest();

/** A token signed with the project's secret (HS256), as the keys `anon` and `service_role` are. */
export function signToken(claims: Claims, secret: string): string {
  const signed = `${base64url({ alg: "HS256", typ: "JWT" })}.${base64url(claims)}`;
  return `${signed}.${signatureOf(signed, secret).toString("base64url")}`;
}

/** What a token says; null unless it was signed with this secret and has not expired. */
export function claimsOf(token: string, secret: string): Claims | null {
  const [header = "", payload = "", signature = ""] = token.split(".");
  const expected = signatureOf(`${header}.${payload}`, secret);
  const given = Buffer.from(signature, "base64url");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  const claims = JSON.parse(String(Buffer.from(payload, "base64url"))) as Claims;
  return claims.exp * 1000 > Date.now() ? claims : null;
}
