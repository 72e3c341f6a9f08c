import { documentRow, upload } from "./documentsPage.ts";
import { sample } from "./filesToUpload.ts";
import { fillIn, signIn } from "./signInPage.ts";
import { ada, signInTests } from "./signInTests.ts";

const signInTest = signInTests();

/** What a browser complains of where Auth refuses something. */
const isRefused = /status of 4\d\d/;

signInTest("a password lets in, a wrong one does not", async ({ visitor }) => {
  visitor.excuse(isRefused);
  const tab = await visitor.open();
  await tab.getByRole("heading", { name: "Sign in to Quire" }).waitFor();
  await fillIn(tab, { ...ada, password: "a guess of somebody's" });
  await tab.getByRole("button", { name: "Sign in", exact: true }).click();
  await tab.getByText("The email address or the password is not right. Check both and try again.").waitFor();
  await signIn(tab, ada);
  await upload(tab, sample("letter.pdf"));
  await documentRow(tab, "letter.pdf").getByText("Ready, 2 pages").waitFor();
});
