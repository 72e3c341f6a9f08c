import { type Config, localOwnerId, type WebhookEvent } from "@quire/core";
import { OwnedWebhooks, type Webhook } from "@quire/store";
import { type ExitCode, exitCodes } from "./exitCodes.ts";
import { withInstallation } from "./installation.ts";

/** `quire webhooks`: of whom nobody signs in, as `quire add` and the page without sign-in add documents. */
function withWebhooks(config: Config, work: (webhooks: OwnedWebhooks) => Promise<void>): Promise<ExitCode> {
  return withInstallation(config, async ({ database }) => {
    await work(new OwnedWebhooks(database, localOwnerId, config.webhooks));
    return exitCodes.read;
  });
}

/** `quire webhooks list`: one a line, and how it stands. */
export function listWebhooks(config: Config): Promise<ExitCode> {
  return withWebhooks(config, async (webhooks) => {
    const all = await webhooks.list();
    if (all.length === 0) process.stderr.write("None yet. Add one with: npx quire webhooks add URL\n");
    for (const webhook of all) process.stdout.write(`${webhook.id}  ${standing(webhook)}  ${webhook.url}\n`);
  });
}

/** `quire webhooks add`: the secret is shown this once. */
export function addWebhook(
  url: string,
  { events }: { readonly events?: readonly WebhookEvent[] },
  config: Config,
): Promise<ExitCode> {
  return withWebhooks(config, async (webhooks) => {
    const { webhook, secret } = await webhooks.add({ url, ...(events && { events }) });
    process.stdout.write(`${webhook.id}\n${secret}\n`);
    process.stderr.write("The second line is its secret, which the receiver needs and nobody shows again.\n");
  });
}

/** `quire webhooks remove`: what waits for it goes with it. */
export function removeWebhook(id: string, config: Config): Promise<ExitCode> {
  return withWebhooks(config, async (webhooks) => {
    await webhooks.remove(id);
    process.stdout.write("removed\n");
  });
}

/** `quire webhooks test`: sends a message that says nothing but that it arrives. */
export function testWebhook(id: string, config: Config): Promise<ExitCode> {
  return withWebhooks(config, async (webhooks) => {
    process.stdout.write(`${await webhooks.test(id)}\n`);
    process.stderr.write("On its way; `quire webhooks list` tells whether it failed.\n");
  });
}

function standing({ events, disabledReason, failingSince, lastFailure }: Webhook): string {
  const kinds = events.map((event) => event.replace("document.", "")).join(",");
  const why = lastFailure ? ` (${lastFailure.status ?? lastFailure.error})` : "";
  if (disabledReason !== null) return `${kinds}  disabled: ${disabledReason}${why}`;
  return failingSince === null ? `${kinds}  ok` : `${kinds}  failing since ${failingSince}${why}`;
}
