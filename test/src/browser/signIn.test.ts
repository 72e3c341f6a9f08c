import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { assertAccessible } from "./axe.ts";
import { fillIn, isSignedIn, press, signIn } from "./signInPage.ts";
import { ada, ben, signInTests } from "./signInTests.ts";

const signInTest = signInTests();

/** What a browser complains of where Auth refuses something, or has a fault. */
const isRefused = /status of (4\d\d|500)/;
const heading = (tab: Page, name: string) => tab.getByRole("heading", { level: 1, name }).waitFor();

signInTest("a password lets in, a wrong one does not", async ({ visitor, auth }) => {
  visitor.excuse(isRefused);
  const tab = await visitor.open("/search?q=dose");
  await heading(tab, "Sign in to Quire");
  await assertAccessible(tab, "the form to sign in");
  await fillIn(tab, { ...ada, password: "a guess of somebody's" });
  await press(tab, "Sign in");
  await tab.getByText("The email address or the password is not right. Check both and try again.").waitFor();
  await assertAccessible(tab, "a password that was refused");

  auth.faults.push({ path: "/token", status: 429, times: 1 }, { path: "/token", status: 500, times: 1 });
  await press(tab, "Sign in");
  await tab.getByText("That was tried too often in a short time. Wait a minute and try again.").waitFor();
  await press(tab, "Sign in");
  await tab.getByText("The sign-in service has trouble at the moment. Try again in a while.").waitFor();

  await signIn(tab, ada);
  await heading(tab, "Search");
  assert.equal(await tab.getByRole("searchbox").inputValue(), "dose");
  await assertAccessible(tab, "a page of somebody who is signed in");
});

signInTest("somebody signs in by keyboard alone", async ({ visitor }) => {
  const tab = await visitor.open();
  await heading(tab, "Sign in to Quire");
  await tab.keyboard.press("Tab");
  await tab.keyboard.type(ada.email);
  await tab.keyboard.press("Tab");
  await tab.keyboard.type(ada.password);
  await tab.keyboard.press("Enter");
  await isSignedIn(tab, ada);
});

signInTest("a link in a mail lets in, once, in the browser that asked for it", async (stage) => {
  const { visitor, auth, service } = stage;
  visitor.excuse(isRefused);
  const tab = await visitor.open("/search?q=dose");
  await press(tab, "Have a sign-in link sent by email");
  await tab.getByLabel("Email address").fill("nobody@clinic.example");
  await press(tab, "Send me a link");
  await tab.getByText(/^Nobody with this address has an account here/).waitFor();
  await tab.getByLabel("Email address").fill(ada.email);
  await press(tab, "Send me a link");
  await tab.getByText(`Look into the mail of ${ada.email}`).waitFor();
  await assertAccessible(tab, "a link that was sent");

  const stranger = await stage.arrive();
  const elsewhere = await stranger.open("/");
  const link = auth.links.newest(ada.email);
  const opened = await visitor.open("/");
  await opened.goto(link);
  await isSignedIn(opened, ada);
  assert.equal(opened.url(), `${service.url}/search?q=dose`);
  // The tab that asked for it is told.
  await isSignedIn(tab, ada);

  await elsewhere.goto(link);
  await elsewhere.getByText("The link was used already, or is too old.").waitFor();
  assert.equal(new URL(elsewhere.url()).hash, "");

  await press(elsewhere, "Have a sign-in link sent by email");
  await elsewhere.getByLabel("Email address").fill(ben.email);
  await press(elsewhere, "Send me a link");
  await elsewhere.getByText(`Look into the mail of ${ben.email}`).waitFor();
  const third = await (await stage.arrive()).open("/");
  await third.goto(auth.links.newest(ben.email));
  await third.getByText(/^The link was opened in another browser/).waitFor();
});

signInTest("a forgotten password is replaced by a link", async ({ visitor, auth }) => {
  visitor.excuse(isRefused);
  const tab = await visitor.open();
  await press(tab, "I have forgotten my password");
  await tab.getByLabel("Email address").fill(ben.email);
  await press(tab, "Send me a link");
  await tab.getByText(`Look into the mail of ${ben.email}`).waitFor();
  await tab.goto(auth.links.newest(ben.email));
  await heading(tab, "Choose a new password");
  await assertAccessible(tab, "the form for a new password");
  await tab.getByLabel("New password", { exact: true }).fill("short");
  await press(tab, "Save the password");
  await tab.getByText("Choose a stronger password. It is too short.").waitFor();
  await tab.getByLabel("New password", { exact: true }).fill("longer-than-before");
  await press(tab, "Save the password");
  await isSignedIn(tab, ben);
  await press(tab, "Sign out");
  await signIn(tab, { ...ben, password: "longer-than-before" });
  // As the other tests know it.
  const user = auth.accounts.find(ben.email);
  if (user) user.password = ben.password;
});

signInTest("an account is made where the project allows it", async ({ visitor, auth }) => {
  visitor.excuse(isRefused);
  auth.isSignUpOpen = false;
  const tab = await visitor.open();
  await tab.getByRole("button", { name: "I have forgotten my password" }).waitFor();
  assert.equal(await tab.getByRole("button", { name: "Create an account" }).count(), 0);
  auth.isSignUpOpen = true;
  await tab.reload();
  await press(tab, "Create an account");
  const cleo = { email: "cleo@clinic.example", password: "of-the-third-floor" };
  await fillIn(tab, cleo);
  await press(tab, "Create the account");
  await tab.getByText("A link to confirm your address is on its way.").waitFor();
  await assertAccessible(tab, "an account that is to be confirmed");
  await press(tab, "Sign in with a password");
  await fillIn(tab, cleo);
  await press(tab, "Sign in");
  await tab.getByText(/^The email address has not been confirmed yet/).waitFor();
  await tab.goto(auth.links.newest(cleo.email));
  await isSignedIn(tab, cleo);
});

signInTest("a session is kept with the tab, or with the computer where that was said", async (stage) => {
  const { visitor } = stage;
  const first = await visitor.open();
  await signIn(first, ada);
  await first.reload();
  await isSignedIn(first, ada);
  // A tab that is opened beside it asks for nothing.
  const second = await visitor.open("/search");
  await isSignedIn(second, ada);
  await first.close();
  await second.close();
  const third = await visitor.open();
  await heading(third, "Sign in to Quire");
  await third.getByLabel("Keep me signed in on this computer").check();
  await signIn(third, ada);
  await third.close();
  const fourth = await visitor.open();
  await isSignedIn(fourth, ada);
  await press(fourth, "Sign out");
  await heading(fourth, "Sign in to Quire");
  const kept = await fourth.evaluate(() => [Object.keys(localStorage), Object.keys(sessionStorage)]);
  assert.deepEqual(kept, [["quire-keep-signed-in"], []]);
});
