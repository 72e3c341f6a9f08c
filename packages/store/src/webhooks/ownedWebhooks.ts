import { randomUUID } from "node:crypto";
import { QuireError } from "@quire/core";
import type { Session } from "../database.ts";
import { type Webhook, type WebhookEvent, webhookColumns, webhookEvents } from "./webhook.ts";
import { newWebhookSecret } from "./webhookSecret.ts";
import { webhookUrl } from "./webhookUrl.ts";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface NewWebhook {
  readonly url: string;
  /** None: all. */
  readonly events?: readonly WebhookEvent[];
}

/** One owner's webhooks: every statement is limited to the owner, whoever carries it out. */
export class OwnedWebhooks {
  readonly #session: Session;
  readonly #ownerId: string;
  readonly #allowPrivate: boolean;

  /** @param options.allowPrivate also http, and addresses of one's own network */
  constructor(session: Session, ownerId: string, { allowPrivate }: { readonly allowPrivate: boolean }) {
    this.#session = session;
    this.#ownerId = ownerId;
    this.#allowPrivate = allowPrivate;
  }

  /** All of them, the oldest first. */
  async list(): Promise<Webhook[]> {
    return this.#session.query<Webhook>(
      `select ${webhookColumns} from public.webhooks w where w.owner_id = $1 order by w.created_at, w.id`,
      [this.#ownerId],
    );
  }

  /**
   * Adds a webhook.
   *
   * @returns it, and what it is signed with: nobody is told that again
   * @throws QuireError `invalid_webhook`, `too_many_webhooks`
   */
  async add({ url, events = webhookEvents }: NewWebhook): Promise<{ webhook: Webhook; secret: string }> {
    const [id, secret] = [randomUUID(), newWebhookSecret()];
    const { href } = webhookUrl(url, { allowPrivate: this.#allowPrivate });
    const wanted = webhookEvents.filter((event) => events.includes(event));
    if (wanted.length === 0 || wanted.length !== new Set(events).size)
      throw new QuireError("invalid_webhook", `A webhook's events are of ${webhookEvents.join(", ")}.`);
    await this.#session.query("select quire.add_webhook($1, $2, $3, $4, $5)", [
      id,
      this.#ownerId,
      href,
      secret,
      wanted,
    ]);
    return { webhook: await this.get(id), secret };
  }

  /** @throws QuireError `webhook_not_found` */
  async get(id: string): Promise<Webhook> {
    const [webhook] = await this.#session.query<Webhook>(
      `select ${webhookColumns} from public.webhooks w where w.id = $1 and w.owner_id = $2`,
      [assertId(id), this.#ownerId],
    );
    return webhook ?? refuse();
  }

  /** Removes a webhook, and what waits to be delivered to it. @throws QuireError `webhook_not_found` */
  async remove(id: string): Promise<void> {
    const [row] = await this.#session.query<{ removed: boolean }>(
      "select quire.remove_webhook($1, $2) as removed",
      [this.#ownerId, assertId(id)],
    );
    if (!row?.removed) refuse();
  }

  /**
   * Sends a message of type `webhook.test`. Where it arrives, a disabled webhook is enabled again.
   *
   * @returns the message's id: the header `webhook-id` it comes with
   * @throws QuireError `webhook_not_found`, `webhook_busy`
   */
  async test(id: string): Promise<string> {
    const [row] = await this.#session.query<{ messageId: string | null }>(
      `select quire.test_webhook($1, $2) as "messageId"`,
      [this.#ownerId, assertId(id)],
    );
    return row?.messageId ?? refuse();
  }
}

function assertId(id: string): string {
  return uuid.test(id) ? id : refuse();
}

function refuse(): never {
  throw new QuireError(
    "webhook_not_found",
    "There is no such webhook, or it was removed. The list has those there are.",
  );
}
