import { request as requestByHttp } from "node:http";
import { request as requestByHttps } from "node:https";
import type { LookupFunction } from "node:net";
import { createSecureContext, type SecureContext } from "node:tls";
import { type Delivery, type DeliveryError, type DeliveryFailure, signatureHeaders } from "@quire/store";
import { DeliveryRefusal } from "./deliveryRefusal.ts";
import { addressesOf, type ReceiverRules } from "./receiver.ts";

/** Name, connection, sending and the head of the answer, together. */
const withinMs = 10_000;
/** Of the answer nothing is wanted but its status; Node's own default, said aloud. */
const maxAnswerHeadBytes = 16_384;

export interface SendOptions extends ReceiverRules {
  /** Aborted: the attempt ends, and says nothing about the receiver. */
  readonly signal: AbortSignal;
  /** In tests: less time. */
  readonly withinMs?: number;
}

/**
 * Sends a message once. No redirect is followed, no byte of the answer's body read.
 *
 * @returns null when it arrived: an answer of 2xx
 * @throws whatever interrupted it, if `signal` is aborted
 */
export async function send(delivery: Delivery, options: SendOptions): Promise<DeliveryFailure | null> {
  const ending = new AbortController();
  const end = () => ending.abort();
  const timer = setTimeout(end, options.withinMs ?? withinMs);
  options.signal.addEventListener("abort", end);
  try {
    const status = await statusOfAnswer(delivery, options, ending.signal);
    if (status >= 200 && status < 300) return null;
    return { error: status >= 300 && status < 400 ? "redirected" : "status", status };
  } catch (error) {
    if (options.signal.aborted) throw error;
    return { error: reasonOf(error, ending.signal), status: null };
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener("abort", end);
  }
}

async function statusOfAnswer(
  delivery: Delivery,
  rules: ReceiverRules,
  signal: AbortSignal,
): Promise<number> {
  const { messageId: id, secret, body } = delivery;
  const url = new URL(delivery.url);
  // It was allowed when the webhook was added; the setting may be another one since.
  if (url.protocol === "http:" && !rules.allowPrivate) throw new DeliveryRefusal("address_refused");
  const addresses = await addressesOf(url, rules, signal);
  const checkedOnly: LookupFunction = (_host, { all }, found) => {
    const [{ address, family } = { address: "", family: 0 }] = addresses;
    if (all) found(null, addresses);
    else found(null, address, family);
  };
  const request = (url.protocol === "http:" ? requestByHttp : requestByHttps)(url, {
    method: "POST",
    lookup: checkedOnly,
    // One connection for one message: none is left open towards a target that may be dead.
    agent: false,
    ...(url.protocol === "https:" && { secureContext: trusted() }),
    maxHeaderSize: maxAnswerHeadBytes,
    signal,
    headers: {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      "user-agent": "Quire",
      ...signatureHeaders(secret, { id, timestampSeconds: Math.floor(Date.now() / 1000), body }),
    },
  });
  const answered = Promise.withResolvers<number>();
  request.on("response", (response) => {
    answered.resolve(response.statusCode ?? 0);
    response.on("error", () => {});
    response.destroy();
  });
  request.on("error", answered.reject);
  request.end(body);
  return answered.promise;
}

function reasonOf(error: unknown, { aborted }: AbortSignal): DeliveryError {
  if (aborted) return "timeout";
  if (error instanceof DeliveryRefusal) return error.error;
  return isAboutTls(error) ? "tls_failed" : "connection_failed";
}

let context: SecureContext | null = null;

/** Whom to trust, read once and when it is first needed: Node would make it anew for every connection. */
function trusted(): SecureContext {
  context ??= createSecureContext();
  return context;
}

/** A certificate that is not to be trusted, or a peer that does not speak TLS. */
function isAboutTls(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === "string" && /CERT|TLS|SSL|SELF_SIGNED|ALTNAME|UNABLE_TO|EPROTO/.test(code);
}
