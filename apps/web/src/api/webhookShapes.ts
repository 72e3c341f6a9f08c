import { webhookEvents } from "@quire/core";
import { deliveryErrors, disabledReasons } from "@quire/store";
import * as v from "valibot";

const time = v.pipe(v.string(), v.isoTimestamp());
const id = v.pipe(v.string(), v.uuid());

/** Whom to tell what. Its secret is told once, when it is made. */
export const WebhookSchema = v.object({
  id,
  url: v.string(),
  events: v.array(v.picklist(webhookEvents)),
  /** Why it is told of nothing any more; null while it is. A test that arrives enables it again. */
  disabledReason: v.nullable(v.picklist(disabledReasons)),
  createdAt: time,
  /** Since when nothing has arrived; null while all is well. */
  failingSince: v.nullable(time),
  /** What went wrong last, however long ago; `status` is that of an answer. */
  lastFailure: v.nullable(
    v.object({
      error: v.picklist(deliveryErrors),
      status: v.nullable(v.pipe(v.number(), v.integer())),
      at: time,
    }),
  ),
});
export type WebhookAnswer = v.InferOutput<typeof WebhookSchema>;

export const WebhookListSchema = v.object({ webhooks: v.array(WebhookSchema) });
export type WebhookListAnswer = v.InferOutput<typeof WebhookListSchema>;

export const WebhookAddedSchema = v.object({ webhook: WebhookSchema, secret: v.string() });
export type WebhookAddedAnswer = v.InferOutput<typeof WebhookAddedSchema>;

/** `messageId` is what the test comes with as `webhook-id`. */
export const WebhookTestedSchema = v.object({ messageId: id });
export type WebhookTestedAnswer = v.InferOutput<typeof WebhookTestedSchema>;

/** What is sent to add one; without `events` it is told of all. */
export const NewWebhookSchema = v.strictObject({
  url: v.string(),
  events: v.optional(v.array(v.picklist(webhookEvents))),
});
