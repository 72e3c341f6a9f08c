import type { Config } from "@quire/core";
import { listModels } from "@quire/engine";
import { fileEndings } from "../api/fileEndings.ts";
import { type SettingsAnswer, SettingsSchema } from "../api/shapes.ts";
import { signInOf } from "../signIn/signIn.ts";
import { openRoute } from "./route.ts";

export const getSettings = openRoute({
  access: "anybody",
  method: "get",
  path: "/api/settings",
  name: "getSettings",
  summary: "What may be sent, which languages are installed, and where people sign in.",
  answers: { 200: { description: "The settings.", schema: SettingsSchema } },
  handle({ response, services: { config, version } }) {
    const { maxFileBytes, maxPages } = config.limits;
    const extensions = Object.values(fileEndings).flat();
    const languages = listModels(config.tessdataDir);
    const answer: SettingsAnswer = {
      ...{ version, maxFileBytes, maxPages, extensions, languages },
      quality: config.quality,
      signIn: shownSignIn(config),
    };
    response.json(answer);
  },
});

/** The anon key is meant to be seen; the secret that tokens may be signed with is not. */
function shownSignIn(config: Config): SettingsAnswer["signIn"] {
  const signIn = signInOf(config);
  if (!signIn) return null;
  const { url, anonKey, bucket, uploads } = signIn;
  return { url, anonKey, bucket, uploads };
}
