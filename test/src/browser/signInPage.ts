import type { Page } from "playwright-core";
import type { Person } from "./signInTests.ts";

/** Signs in by the form that is shown, and waits for the pages. */
export async function signIn(tab: Page, person: Person): Promise<void> {
  await fillIn(tab, person);
  await press(tab, "Sign in");
  await isSignedIn(tab, person);
}

export async function fillIn(tab: Page, { email, password }: Person): Promise<void> {
  await tab.getByLabel("Email address").fill(email);
  await tab.getByLabel("Password", { exact: true }).fill(password);
}

export async function isSignedIn(tab: Page, { email }: Person): Promise<void> {
  await tab.getByRole("banner").getByText(email, { exact: true }).waitFor();
}

export async function press(tab: Page, name: string): Promise<void> {
  await tab.getByRole("button", { name, exact: true }).click();
}
