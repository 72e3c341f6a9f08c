import type { Browser, BrowserContext, Page } from "playwright-core";

/**
 * How long anything on a page is waited for: no measure of anything, but an end that comes before the test runner's
 * own, so that it can be told what the page showed instead. Minutes, for the machine may be busy.
 */
const patienceMs = 240_000;

/** How wide the window of a person at a desk is, and of one with the smallest telephone, in CSS pixels. */
export const desk = { width: 1280, height: 900 };
export const telephone = { width: 360, height: 740 };

/**
 * Somebody who uses the pages: a browser profile of their own with nothing kept in it. Whatever a page complains of
 * while they use it (errors, refusals by the content security policy, requests to anybody else) is written down.
 */
export class Visitor {
  readonly #context: BrowserContext;
  #url: string;
  readonly #complaints: string[] = [];
  readonly #excuses: RegExp[] = [];
  readonly #allowed: string[] = ["blob:", "data:"];

  private constructor(context: BrowserContext, url: string) {
    this.#context = context;
    this.#url = url;
  }

  /** @param url where the service is */
  static async arrive(browser: Browser, url: string): Promise<Visitor> {
    const context = await browser.newContext({ viewport: desk, locale: "en-US" });
    context.setDefaultTimeout(patienceMs);
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const visitor = new Visitor(context, url);
    await visitor.#listen();
    return visitor;
  }

  /** From now on reaches the service at this address. */
  goBy(url: string): void {
    this.#url = url;
  }

  /** Opens an address of the service in a new tab. */
  async open(path = "/"): Promise<Page> {
    const tab = await this.#context.newPage();
    await tab.goto(`${this.#url}${path}`);
    return tab;
  }

  /** These may be asked beside the service: where people sign in. */
  allow(...urls: string[]): void {
    this.#allowed.push(...urls);
  }

  get context(): BrowserContext {
    return this.#context;
  }

  /** Where complaints are what is to be expected, as when the server is killed. */
  excuse(...expected: RegExp[]): void {
    this.#excuses.push(...expected);
  }

  get complaints(): string[] {
    return this.#complaints.filter((complaint) => !this.#excuses.some((excuse) => excuse.test(complaint)));
  }

  /** What every tab shows, as a screen reader has it. */
  async sees(): Promise<string> {
    const tabs = this.#context.pages().map(async (tab) => {
      const shown = await tab.locator("body").ariaSnapshot();
      return `${tab.url()}\n${shown}`;
    });
    return (await Promise.all(tabs)).join("\n\n");
  }

  leave(): Promise<void> {
    return this.#context.close();
  }

  async #listen(): Promise<void> {
    const complain = (complaint: string) => this.#complaints.push(complaint);
    this.#context.on("console", (message) => {
      if (message.type() === "error") complain(`${message.text()} (${message.location().url})`);
    });
    this.#context.on("weberror", (event) => complain(`uncaught: ${event.error().stack}`));
    this.#context.on("request", (request) => {
      const isOurs = [this.#url, ...this.#allowed].some((start) => request.url().startsWith(start));
      if (!isOurs) complain(`asks somebody else: ${request.url()}`);
    });
    // Not every violation is written to the console: those of a policy in report mode, for one, are not.
    await this.#context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
        console.error(`content security policy: ${violatedDirective} forbids ${blockedURI}`);
      });
    });
  }
}
