import { isIP } from "node:net";
import { QuireError } from "@quire/core";
import { isPublicAddress } from "./publicAddress.ts";

/** What the column takes, and more than any address needs. */
const maxCharacters = 2_048;

/**
 * The address of a webhook, in its normal form: https, without credentials. What its name stands for is looked at when
 * something is sent there.
 *
 * @param options.allowPrivate also http, and addresses of one's own network
 * @throws QuireError `invalid_webhook`
 */
export function webhookUrl(text: string, { allowPrivate }: { allowPrivate: boolean }): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:"))
    throw refused("must be an https address");
  if (url.protocol === "http:" && !allowPrivate)
    throw refused("must be an https address, unless WEBHOOK_ALLOW_PRIVATE is true");
  if (url.username !== "" || url.password !== "") throw refused("must not carry a name or password");
  url.hash = "";
  if (url.href.length > maxCharacters) throw refused(`must have at most ${maxCharacters} characters`);
  const host = hostOf(url);
  if (!allowPrivate && (isIP(host) !== 0 ? !isPublicAddress(host) : isLocalName(host)))
    throw refused("must be on the public internet, unless WEBHOOK_ALLOW_PRIVATE is true");
  return url;
}

/** The name or address of a URL, an IPv6 address without its brackets. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, "$1");
}

/** Names that are nobody's on the public internet (RFC 6761, 6762): said at once, not only when nothing arrives. */
function isLocalName(host: string): boolean {
  return !host.includes(".") || /(^|\.)(localhost|local|internal)\.?$/.test(host);
}

function refused(what: string): QuireError {
  return new QuireError("invalid_webhook", `The address of a webhook ${what}.`);
}
