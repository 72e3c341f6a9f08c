import { webhookEvents } from "@quire/core";
import { OwnedWebhooks, type Webhook } from "@quire/store";
import {
  NewWebhookSchema,
  type WebhookAddedAnswer,
  WebhookAddedSchema,
  type WebhookAnswer,
  type WebhookListAnswer,
  WebhookListSchema,
  type WebhookTestedAnswer,
  WebhookTestedSchema,
} from "../api/webhookShapes.ts";
import { assertIsJson, readJson } from "../http/readJson.ts";
import { type Call, route, type Sent } from "./route.ts";

const created = 201;
const accepted = 202;
const noStatus = 204;
/** The longest that is sent is an address of 2,048 characters, each of which may take six as JSON writes them. */
const maxBodyBytes = 16_384;

const newWebhook: Sent = {
  description: "Where to send, an https address; and what of: without `events`, of everything.",
  types: {
    "application/json": {
      type: "object",
      required: ["url"],
      additionalProperties: false,
      properties: {
        url: { type: "string", format: "uri", maxLength: 2048 },
        events: { type: "array", minItems: 1, items: { type: "string", enum: [...webhookEvents] } },
      },
    },
  },
};

const listWebhooks = route({
  method: "get",
  path: "/api/webhooks",
  name: "listWebhooks",
  audit: "nothing",
  summary: "The webhooks, the oldest first: at most ten. Their secrets are not told.",
  answers: { 200: { description: "All of them.", schema: WebhookListSchema } },
  async handle(call) {
    const webhooks = await webhooksOf(call).list();
    call.response.json({ webhooks: webhooks.map(asAnswer) } satisfies WebhookListAnswer);
  },
});

const addWebhook = route({
  method: "post",
  path: "/api/webhooks",
  name: "addWebhook",
  audit: "change",
  summary:
    "Adds a webhook. The answer has its secret, which is told only now: docs/webhooks.md says how to verify.",
  sent: newWebhook,
  answers: {
    [created]: { description: "It is told of what happens from now on.", schema: WebhookAddedSchema },
  },
  refusals: ["invalid_webhook", "too_many_webhooks"],
  async handle(call) {
    assertIsJson(call.request);
    const { url, events } = await readJson(call.request, NewWebhookSchema, maxBodyBytes);
    const { webhook, secret } = await webhooksOf(call).add({ url, ...(events && { events }) });
    call.response.status(created).json({ webhook: asAnswer(webhook), secret } satisfies WebhookAddedAnswer);
  },
});

const removeWebhook = route({
  method: "delete",
  path: "/api/webhooks/{id}",
  name: "removeWebhook",
  audit: "change",
  summary: "Removes a webhook, and what waits to be delivered to it.",
  answers: { [noStatus]: { description: "It is gone." } },
  refusals: ["webhook_not_found"],
  async handle(call) {
    await webhooksOf(call).remove(call.id);
    call.response.status(noStatus).end();
  },
});

const testWebhook = route({
  method: "post",
  path: "/api/webhooks/{id}/test",
  name: "testWebhook",
  audit: "nothing",
  summary: "Sends a message of type webhook.test. Where it arrives, a disabled webhook is enabled again.",
  answers: {
    [accepted]: {
      description: "It is on its way; the list tells what went wrong.",
      schema: WebhookTestedSchema,
    },
  },
  refusals: ["webhook_not_found", "webhook_busy"],
  async handle(call) {
    const messageId = await webhooksOf(call).test(call.id);
    call.response.status(accepted).json({ messageId } satisfies WebhookTestedAnswer);
  },
});

export const webhookRoutes = [listWebhooks, addWebhook, removeWebhook, testWebhook];

function webhooksOf({ services, ownerId, claims }: Call<unknown>): OwnedWebhooks {
  const { database, config } = services;
  if (claims) return OwnedWebhooks.ofUser(database, claims, config.webhooks);
  return new OwnedWebhooks(database, ownerId, config.webhooks);
}

function asAnswer(webhook: Webhook): WebhookAnswer {
  return { ...webhook, events: [...webhook.events] };
}
