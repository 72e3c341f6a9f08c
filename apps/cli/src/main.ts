import { readFileSync } from "node:fs";
import {
  type Config,
  correctionModes,
  documentStatuses,
  loadConfig,
  qualities,
  readerVersion,
  textLayerModes,
  type WebhookEvent,
  webhookEvents,
} from "@quire/core";
import { fileFormats } from "@quire/outputs";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import type { AddOptions } from "./add.ts";
import type { AuditOptions } from "./audit.ts";
import type { DoctorOptions } from "./doctor/doctor.ts";
import type { ShowOptions } from "./documents.ts";
import { endOnClosedOutput, endOnInterrupt } from "./endings.ts";
import type { EraseOptions } from "./erase.ts";
import { type ExitCode, exitCodeOf, exitCodes, explain } from "./exitCodes.ts";
import { parseMemory, parseProcessors } from "./instanceSize.ts";
import type { LanguagesOptions } from "./languages.ts";
import type { OcrOptions } from "./ocr.ts";
import { parsePageRange } from "./pageRange.ts";
import type { PlanOptions } from "./plan.ts";
import type { ReprocessOptions } from "./reprocess.ts";
import { parseSince } from "./since.ts";
import type { StatusOptions } from "./status.ts";
import type { VerifyOptions } from "./verify.ts";

endOnClosedOutput();

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};

const documentId = "document id, or a unique prefix of it";

const program = new Command("quire")
  .description(
    "Reads documents page by page and gives back text, word boxes and searchable PDFs: at once (ocr), or as a service (start, add).",
  )
  .version(version)
  .exitOverride();

program
  .command("ocr")
  .description("Read documents: PDF, TIFF, JPEG, PNG, WebP, GIF, BMP, AVIF.")
  .argument("<file...>", "the documents")
  .addOption(new Option("--format <format>", "what to write").choices(fileFormats).default("text"))
  .option("--pdfa", "with --format pdf: PDF/A-2b, for archives; of images and TIFF only", false)
  .option(
    "--output <path>",
    "write here instead of standard output: a file, or a folder, as it has to be for several documents",
  )
  .option(
    "--pages <range>",
    "only these pages, such as 1-3,7 or 5-; a PDF that is written has all pages, and text on these",
    argument(parsePageRange),
  )
  .addOption(languageOption())
  .option("--threads <count>", "OCR threads (default: what processors and memory allow)", wholeNumber(1, 64))
  .addOption(textLayerOption())
  .addOption(rotateOption())
  .addOption(qualityOption())
  .addOption(markUncertainOption())
  .option("--password <password>", "password of an encrypted PDF")
  .option("--quiet", "no progress", false)
  .option("--verbose", "say what the engine does: starts, collections, deaths", false)
  .addHelpText(
    "after",
    "\nExit codes: 0 read, 1 internal error, 2 usage, 3 document refused, 4 read in part (some pages failed).",
  )
  .action(
    command(async (config, files: string[], options: OcrOptions) => {
      const { ocr } = await import("./ocr.ts");
      return ocr(files, options, config);
    }),
  );

program
  .command("start")
  .description("Run everything on this machine: a database, the files, a worker and the page.")
  .action(service(async (config) => (await import("./start.ts")).start(config)));

program
  .command("add")
  .description("Queue documents for a worker.")
  .argument("<file...>", "the documents")
  .option("--watch", "show their progress until they are read", false)
  .option("--priority <number>", "-20 to 20; higher is read first", wholeNumber(-20, 20), 0)
  .option("--force", "run OCR again even if the same file has been read already", false)
  .addOption(languageOption())
  .addOption(textLayerOption())
  .addOption(rotateOption())
  .addOption(qualityOption())
  .action(
    command(async (config, files: string[], options: AddOptions) => {
      const { add } = await import("./add.ts");
      return add(files, options, config);
    }),
  );

program
  .command("list")
  .description("Show the newest documents.")
  .addOption(new Option("--status <status>", "only those").choices(documentStatuses))
  .option("--limit <count>", "how many", wholeNumber(1, 10_000), 50)
  .action(
    command(async (config, options: { status?: (typeof documentStatuses)[number]; limit: number }) => {
      const { list } = await import("./documents.ts");
      return list(options, config);
    }),
  );

program
  .command("show")
  .description("Show the state of a document, or its text.")
  .argument("<id>", documentId)
  .addOption(new Option("--format <format>", "show what was read, in this format").choices(fileFormats))
  .option("--output <file>", "write it to this file instead of standard output")
  .addOption(markUncertainOption())
  .action(
    command(async (config, id: string, options: ShowOptions) => {
      const { show } = await import("./documents.ts");
      return show(id, options, config);
    }),
  );

program
  .command("cancel")
  .description("Stop reading a document.")
  .argument("<id>", documentId)
  .action(command(async (config, id: string) => (await import("./documents.ts")).cancel(id, config)));

program
  .command("reprocess")
  .description(
    "Run OCR again on a document, or in the background on those that an older reader read. The old results stay until the new ones are complete.",
  )
  .argument("[id]", documentId)
  .option(
    "--reader-before <version>",
    `documents read by a reader older than this version (this one is ${readerVersion}), the newest first, at the lowest priority`,
    wholeNumber(1, 999_999),
  )
  .option("--owner <id>", "with --reader-before: only documents of this owner")
  .option("--limit <count>", "with --reader-before: how many to queue (default: 100)", wholeNumber(1, 1_000))
  .action(
    command(async (config, id: string | undefined, options: ReprocessOptions) =>
      (await import("./reprocess.ts")).reprocess(id, options, config),
    ),
  );

program
  .command("redrive")
  .description("List failed documents, or queue them again: only their missing pages are read.")
  .argument("[id]", documentId)
  .option("--all", "queue all of them", false)
  .action(
    command(async (config, id: string | undefined, options: { all: boolean }) => {
      const { redrive } = await import("./documents.ts");
      return redrive(id, options, config);
    }),
  );

const webhooks = program.command("webhooks").description("Manage webhooks: docs/webhooks.md.");
webhooks
  .command("list", { isDefault: true })
  .description("List webhooks and their delivery status.")
  .action(command(async (config) => (await import("./webhooks.ts")).listWebhooks(config)));
webhooks
  .command("add")
  .description("Add a webhook; its id and its secret are shown.")
  .argument("<url>", "an https address; others with WEBHOOK_ALLOW_PRIVATE=true")
  .addOption(new Option("--events <event...>", "only these").choices(webhookEvents))
  .action(
    command(async (config, url: string, options: { events?: WebhookEvent[] }) =>
      (await import("./webhooks.ts")).addWebhook(url, options, config),
    ),
  );
webhooks
  .command("remove")
  .description("Remove a webhook and its waiting messages.")
  .argument("<id>", "as the list shows it")
  .action(command(async (config, id: string) => (await import("./webhooks.ts")).removeWebhook(id, config)));
webhooks
  .command("test")
  .description("Send a test message (webhook.test) to a webhook.")
  .argument("<id>", "as the list shows it")
  .action(command(async (config, id: string) => (await import("./webhooks.ts")).testWebhook(id, config)));

program
  .command("erase")
  .description("Erase documents, or all of an owner, for good, and prove that nothing of them is left.")
  .argument("[id...]", "document ids, or unique prefixes of them")
  .option("--owner <id>", "all documents of this owner, and that they were theirs")
  .option("--yes", "do not ask", false)
  .addHelpText("after", "\nExit codes: 0 nothing is left, 2 nothing was erased, 4 something is left.")
  .action(
    command(async (config, ids: string[], options: EraseOptions) => {
      const { erase } = await import("./erase.ts");
      return erase(ids, options, config);
    }),
  );

program
  .command("verify")
  .description("Check whether the tables, the queue and the file store agree.")
  .option("--fix", "repair what can be repaired safely", false)
  .option("--json", "for programs", false)
  .addHelpText("after", "\nExit codes: 0 they do, or do now, 4 something is amiss.")
  .action(
    command(async (config, options: VerifyOptions) => (await import("./verify.ts")).verify(options, config)),
  );

program
  .command("audit")
  .description("Show who did what with which document, the oldest first.")
  .option("--owner <id>", "only documents of this owner")
  .option("--document <id>", "only this document")
  .option("--since <time>", "only since then: 2026-11-21, or 36h, 14d ago", argument(parseSince))
  .option("--json", "one JSON object a line", false)
  .action(
    command(async (config, options: AuditOptions) => (await import("./audit.ts")).audit(options, config)),
  );

program
  .command("worker")
  .description("Run a worker on the database that DATABASE_URL names.")
  .option("--supervise", "start it again when it dies", false)
  .action(
    service(async (config, options: { supervise: boolean }) => {
      const { worker } = await import("./worker.ts");
      return worker(options, config);
    }),
  );

program
  .command("web")
  .description("Run the page and its API on the database that DATABASE_URL names.")
  .action(service(async (config) => (await import("./web.ts")).web(config)));

program
  .command("status")
  .description("Show the status of a worker; live on a terminal, until Ctrl-C.")
  .option("--url <url>", "where it answers (default: HOST and PORT, http://127.0.0.1:10000)")
  .option("--once", "show it once", false)
  .option("--json", "once, what /health answers", false)
  .addHelpText(
    "after",
    "\nExit codes: 0 healthy, 1 broken or not reached (with --once, --json or no terminal).",
  )
  .action(
    service(async (config, options: StatusOptions) => {
      const { status } = await import("./status.ts");
      return status(options, config);
    }),
  );

program
  .command("migrate")
  .description("Bring the database to this version: at every deploy, before the workers start.")
  .action(command(async (config) => (await import("./migrate.ts")).runMigrations(config)));

program
  .command("plan")
  .description("Show what a worker would run with on this machine or another, and why.")
  .option("--memory <amount>", "memory of the instance, such as 512 (MB) or 2GB", argument(parseMemory))
  .option("--cpus <count>", "its processors, such as 0.5", argument(parseProcessors))
  .option("--json", "for programs, in bytes and pixels", false)
  .action(command(async (config, options: PlanOptions) => (await import("./plan.ts")).plan(options, config)));

program
  .command("languages")
  .description("List the languages that are installed, and how to add more.")
  .option("--json", "for programs", false)
  .action(
    command(async (config, options: LanguagesOptions) => {
      const { languages } = await import("./languages.ts");
      return languages(options, config);
    }),
  );

program
  .command("doctor")
  .description("Check whether this installation has what it needs, and what to do if not.")
  .option("--json", "for programs", false)
  .addHelpText("after", "\nExit codes: 0 nothing has failed, 1 something has.")
  .action(
    command(async (config, options: DoctorOptions) => {
      const { doctor } = await import("./doctor/doctor.ts");
      return doctor(options, config);
    }),
  );

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCodes.read : exitCodes.usage;
  } else {
    process.stderr.write(`quire: ${explain(error)}\n`);
    process.exitCode = exitCodeOf(error);
  }
}

/** A command that Ctrl-C ends at once. */
function command<Args extends unknown[]>(run: (config: Config, ...args: Args) => Promise<ExitCode>) {
  return service((config, ...args: Args) => {
    endOnInterrupt();
    return run(config, ...args);
  });
}

/** A command that ends by itself, with what it returns. */
function service<Args extends unknown[]>(run: (config: Config, ...args: Args) => Promise<ExitCode>) {
  return async (...args: Args): Promise<void> => {
    process.exitCode = await run(loadConfig(process.env), ...args);
  };
}

function wholeNumber(minimum: number, maximum: number) {
  return argument((text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < minimum || value > maximum)
      throw new Error(`It must be a whole number from ${minimum} to ${maximum}.`);
    return value;
  });
}

function languageOption(): Option {
  return new Option(
    "--lang <languages>",
    "languages of the text, such as rus or rus+eng; auto: detect scripts; Latin script needs none",
  ).default("auto");
}

function textLayerOption(): Option {
  return new Option(
    "--text-layer <mode>",
    "a page's own text: take it where it is good, never, or nothing else",
  )
    .choices(textLayerModes)
    .default("auto");
}

function rotateOption(): Option {
  return new Option(
    "--rotate <mode>",
    "pages that lie on their side or head: read them upright, or as they lie",
  )
    .choices(correctionModes)
    .default("auto");
}

function qualityOption(): Option {
  return new Option(
    "--quality <level>",
    "what a second recogniser checks: fast (numbers), balanced (numbers and doubtful words) or best (everything); default: OCR_QUALITY",
  ).choices(qualities);
}

function markUncertainOption(): Option {
  return new Option(
    "--mark-uncertain",
    "with --format text: mark the words that a person should check",
  ).default(false);
}

/** Makes a parser that throws into one whose errors commander shows as usage. */
function argument<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
    }
  };
}
