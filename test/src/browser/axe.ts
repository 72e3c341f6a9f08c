import assert from "node:assert/strict";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { desk, telephone } from "./visitor.ts";

/** WCAG 2.2 up to AA, and what axe advises beyond. */
const everyRule: axe.RunOnly = {
  type: "tag",
  values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
};
/** The one that depends on the colours. */
const contrast: axe.RunOnly = { type: "rule", values: ["color-contrast"] };

/**
 * Looks at what a tab shows, wide and narrow, light and dark.
 *
 * @param state what it shows, for the message
 * @throws AssertionError naming every violation that axe finds, or if the page scrolls sideways
 */
export async function assertAccessible(tab: Page, state: string): Promise<void> {
  await tab.evaluate(axe.source);
  for (const window of [desk, telephone]) {
    await tab.setViewportSize(window);
    assert.deepEqual(await tooWide(tab), [], `${state}: scrolls sideways in ${window.width} px`);
    for (const colorScheme of ["light", "dark"] as const) {
      await tab.emulateMedia({ colorScheme });
      const found = await violations(tab, colorScheme === "light" ? everyRule : contrast);
      assert.deepEqual(found, [], `${state}, ${window.width} px, ${colorScheme}`);
    }
  }
  await tab.emulateMedia({ colorScheme: null });
  await tab.setViewportSize(desk);
}

/** What reaches beyond the right edge of the window, where that makes the page scroll. */
function tooWide(tab: Page): Promise<string[]> {
  return tab.evaluate(() => {
    if (document.documentElement.scrollWidth <= innerWidth) return [];
    const elements = [...document.querySelectorAll("body *")];
    return elements
      .filter((element) => element.getBoundingClientRect().right > innerWidth)
      .map((element) => `${element.tagName} ${element.className} ${element.getBoundingClientRect().right}`);
  });
}

/** Runs in the page, where `axe` is by now. */
function violations(tab: Page, rules: axe.RunOnly): Promise<string[]> {
  return tab.evaluate(async (runOnly) => {
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
    const result = await inPage.run(document, {
      runOnly,
      resultTypes: ["violations"],
    });
    return result.violations.flatMap(({ id, help, nodes }) =>
      nodes.map((node) => `${id}: ${help}: ${node.html} ${node.failureSummary}`),
    );
  }, rules);
}
