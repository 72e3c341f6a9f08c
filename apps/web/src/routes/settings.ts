import { listModels } from "@quire/engine";
import { fileEndings } from "../api/fileEndings.ts";
import { type SettingsAnswer, SettingsSchema } from "../api/shapes.ts";
import { route } from "./route.ts";

export const getSettings = route({
  method: "get",
  path: "/api/settings",
  name: "getSettings",
  summary: "What may be sent, and which languages are installed.",
  answers: { 200: { description: "The settings.", schema: SettingsSchema } },
  handle({ response, services: { config, version } }) {
    const { maxFileBytes, maxPages } = config.limits;
    const extensions = Object.values(fileEndings).flat();
    const languages = listModels(config.tessdataDir);
    response.json({ version, maxFileBytes, maxPages, extensions, languages } satisfies SettingsAnswer);
  },
});
