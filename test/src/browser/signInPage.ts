import type { Page } from "playwright-core";
import type { Person } from "./signInTests.ts";

/** Signs in by the form that is shown, and waits for the documents. */
export async function signIn(tab: Page, person: Person): Promise<void> {
  await fillIn(tab, person);
  await tab.getByRole("button", { name: "Sign in", exact: true }).click();
  await tab.getByText(person.email, { exact: true }).waitFor();
}

export async function fillIn(tab: Page, { email, password }: Person): Promise<void> {
  await tab.getByLabel("Email address").fill(email);
  await tab.getByLabel("Password", { exact: true }).fill(password);
}
