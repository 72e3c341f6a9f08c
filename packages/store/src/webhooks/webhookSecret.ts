import { createHmac, randomBytes } from "node:crypto";

/** Standard Webhooks: secrets are 24 to 64 random bytes, in base64 behind this prefix. */
const prefix = "whsec_";
const secretBytes = 32;

export function newWebhookSecret(): string {
  return `${prefix}${randomBytes(secretBytes).toString("base64")}`;
}

/** What is signed of a message. */
export interface SignedMessage {
  readonly id: string;
  /** When it is sent, in seconds since 1970: a receiver refuses what is old. */
  readonly timestampSeconds: number;
  readonly body: string;
}

/**
 * The headers by which a receiver knows that a message is ours, as Standard Webhooks 1.0.0 has them: HMAC-SHA-256 over
 * id, time and body, joined by full stops (https://www.standardwebhooks.com).
 */
export function signatureHeaders(secret: string, { id, timestampSeconds, body }: SignedMessage) {
  const key = Buffer.from(secret.slice(prefix.length), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${timestampSeconds}.${body}`).digest("base64");
  return {
    "webhook-id": id,
    "webhook-timestamp": `${timestampSeconds}`,
    "webhook-signature": `v1,${signature}`,
  };
}
