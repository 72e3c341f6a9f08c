import { randomUUID } from "node:crypto";
import { QuireError, type WebhookEvent, webhookEvents } from "@quire/core";
import type { Database, Statements } from "../database.ts";
import type { UserClaims } from "../userQuery.ts";
import { type Webhook, webhookColumns } from "./webhook.ts";
import { newWebhookSecret } from "./webhookSecret.ts";
import { webhookUrl } from "./webhookUrl.ts";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface NewWebhook {
  readonly url: string;
  /** None: all. */
  readonly events?: readonly WebhookEvent[];
}

export interface WebhookRules {
  /** Also http, and addresses of one's own network. */
  readonly allowPrivate: boolean;
}

/**
 * The functions of the schema that work on an owner's webhooks. The service names the owner; a signed-in user is named by
 * the database itself, which has functions of the same names for that.
 */
type OwnerCall = "add_webhook" | "remove_webhook" | "test_webhook";

/** One owner's webhooks: every statement is limited to the owner, whoever carries it out. */
export class OwnedWebhooks {
  readonly #database: Statements;
  readonly #ownerId: string;
  readonly #rules: WebhookRules;
  readonly #isUser: boolean;

  /** As the service, which may do everything: then what keeps owners apart is these statements. */
  constructor(database: Statements, ownerId: string, rules: WebhookRules, isUser = false) {
    this.#database = database;
    this.#ownerId = ownerId;
    this.#rules = rules;
    this.#isUser = isUser;
  }

  /** As a signed-in user: the database keeps owners apart, whatever a statement asks for. */
  static ofUser(database: Database, claims: UserClaims, rules: WebhookRules): OwnedWebhooks {
    return new OwnedWebhooks(database.asUser(claims), claims.sub, rules, true);
  }

  /** All of them, the oldest first. */
  list(): Promise<Webhook[]> {
    return this.#database.query<Webhook>(
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
    const { href } = webhookUrl(url, this.#rules);
    const wanted = webhookEvents.filter((event) => events.includes(event));
    if (wanted.length === 0 || wanted.length !== new Set(events).size)
      throw new QuireError("invalid_webhook", `A webhook's events are of ${webhookEvents.join(", ")}.`);
    const [id, secret] = [randomUUID(), newWebhookSecret()];
    await this.#call("add_webhook", id, href, secret, wanted);
    return { webhook: await this.get(id), secret };
  }

  /** @throws QuireError `webhook_not_found` */
  async get(id: string): Promise<Webhook> {
    const [webhook] = await this.#database.query<Webhook>(
      `select ${webhookColumns} from public.webhooks w where w.id = $1 and w.owner_id = $2`,
      [assertId(id), this.#ownerId],
    );
    return webhook ?? refuse();
  }

  /** Removes a webhook, and what waits to be delivered to it. @throws QuireError `webhook_not_found` */
  async remove(id: string): Promise<void> {
    if (!(await this.#call<boolean>("remove_webhook", assertId(id)))) refuse();
  }

  /**
   * Sends a message of type `webhook.test`. Where it arrives, a disabled webhook is enabled again.
   *
   * @returns the message's id: the header `webhook-id` it comes with
   * @throws QuireError `webhook_not_found`, `webhook_busy`
   */
  async test(id: string): Promise<string> {
    return (await this.#call<string | null>("test_webhook", assertId(id))) ?? refuse();
  }

  async #call<Result>(name: OwnerCall, ...given: readonly unknown[]): Promise<Result> {
    const [schema, values] = this.#isUser ? ["public", given] : ["quire", [this.#ownerId, ...given]];
    const places = values.map((_, index) => `$${index + 1}`).join(", ");
    const [row] = await this.#database.query<{ result: Result }>(
      `select ${schema}.${name}(${places}) as result`,
      values,
    );
    return row?.result as Result;
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
