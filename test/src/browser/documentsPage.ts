import type { Locator, Page } from "playwright-core";

/** Chooses files as a person does: by the button, in the system's dialog. */
export async function chooseFiles(tab: Page, ...paths: readonly string[]): Promise<void> {
  const dialog = tab.waitForEvent("filechooser");
  await tab.getByRole("button", { name: "Choose files" }).click();
  await (await dialog).setFiles([...paths]);
}

/** Of the list of documents, the one with this name. */
export function documentRow(tab: Page, name: string): Locator {
  return tab
    .getByRole("region", { name: "Your documents" })
    .getByRole("listitem")
    .filter({ has: tab.getByRole("heading", { name, exact: true }) });
}

/** Of the uploads of this browser, the one with this name. */
export function uploadRow(tab: Page, name: string): Locator {
  return tab
    .getByRole("list", { name: "Uploads" })
    .getByRole("listitem")
    .filter({ has: tab.getByText(name, { exact: true }) });
}

/** Uploads a file and waits until it is in the list. @returns its row there */
export async function upload(tab: Page, path: string): Promise<Locator> {
  await chooseFiles(tab, path);
  const row = documentRow(tab, path.slice(path.lastIndexOf("/") + 1));
  await row.waitFor();
  return row;
}

/** Opens a document from the list. @returns its id */
export async function openDocument(tab: Page, name: string): Promise<string> {
  await documentRow(tab, name).getByRole("link", { name, exact: true }).click();
  await tab.getByRole("heading", { level: 1, name, exact: true }).waitFor();
  return new URL(tab.url()).pathname.split("/").at(-1) as string;
}

/** Drops files on the page, as the system tells a browser of it. */
export async function dropFiles(tab: Page, ...paths: readonly string[]): Promise<void> {
  const session = await tab.context().newCDPSession(tab);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const)
    await session.send("Input.dispatchDragEvent", { type, x: 300, y: 300, data });
  await session.detach();
}
