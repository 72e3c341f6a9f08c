import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { StartedService } from "../startedService.ts";
import { launchChromium } from "./chromium.ts";
import { Visitor } from "./visitor.ts";

/** What a test has to work with: the service that all tests of its file share, and a visitor of its own. */
export interface Stage {
  readonly service: StartedService;
  readonly visitor: Visitor;
}

/** The end of a service's log, with what came before a failure: some fifty lines. */
const logTailLength = 10_000;

export type BrowserTest = (name: string, act: (stage: Stage) => Promise<void>) => void;

/**
 * Starts a service and a Chromium for the tests of a file.
 *
 * @param env settings of the service
 * @returns what its tests are declared with; each of them fails as well if a page complained of anything
 */
export function browserTests(env: Record<string, string> = {}): BrowserTest {
  let browser: Browser | null = null;
  let service: StartedService | null = null;

  before(async () => {
    browser = await launchChromium();
    if (browser !== null) service = await StartedService.start(env);
  });
  after(async () => {
    await browser?.close();
    await service?.remove();
  });

  return (name, act) => {
    test(name, async (context) => {
      if (browser === null || service === null) {
        context.skip(
          "there is no browser: npm brings one on Linux x64, elsewhere Chrome has to be installed",
        );
        return;
      }
      const visitor = await Visitor.arrive(browser, service.url);
      try {
        await act({ service, visitor });
        assert.deepEqual(visitor.complaints, []);
      } catch (error) {
        context.diagnostic(`What was seen:\n${await visitor.sees().catch(String)}`);
        context.diagnostic(`Complaints:\n${visitor.complaints.join("\n")}`);
        context.diagnostic(`The service said:\n${service.log.slice(-logTailLength)}`);
        throw error;
      } finally {
        await visitor.leave();
      }
    });
  };
}
