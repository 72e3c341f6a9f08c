/** What a webhook can be told of. */
export const webhookEvents = ["document.completed", "document.partial", "document.failed"] as const;
export type WebhookEvent = (typeof webhookEvents)[number];
