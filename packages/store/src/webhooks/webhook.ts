import type { WebhookEvent } from "@quire/core";

/** Why a webhook is told of nothing any more: it answered 410, or it has failed for three days. */
export const disabledReasons = ["gone", "failing"] as const;
export type DisabledReason = (typeof disabledReasons)[number];

/** Why a delivery did not arrive. `status`: there was an answer, and not 2xx; `redirected`: nor is any followed. */
export const deliveryErrors = [
  "status",
  "redirected",
  "timeout",
  "address_refused",
  "name_not_found",
  "tls_failed",
  "connection_failed",
] as const;
export type DeliveryError = (typeof deliveryErrors)[number];

/** A webhook as its owner sees it. Times are ISO 8601. */
export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  /** Null while it is told of documents. */
  readonly disabledReason: DisabledReason | null;
  readonly createdAt: string;
  /** Since when nothing has arrived; null while all is well. */
  readonly failingSince: string | null;
  /** What went wrong last, however long ago. `status` is that of an answer. */
  readonly lastFailure: {
    readonly error: DeliveryError;
    readonly status: number | null;
    readonly at: string;
  } | null;
}

const time = (column: string) => `to_json(${column})#>>'{}'`;

/** A webhook's columns, of `public.webhooks w`, as {@link Webhook} has them. */
export const webhookColumns = `w.id, w.url, w.events, w.disabled_reason as "disabledReason",
  ${time("w.created_at")} as "createdAt", ${time("w.failing_since")} as "failingSince",
  case when w.last_error is not null then
    jsonb_build_object('error', w.last_error, 'status', w.last_status, 'at', ${time("w.last_error_at")})
  end as "lastFailure"`;
