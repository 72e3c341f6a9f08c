import type { SupabaseConfig } from "@quire/core";
import { listModels } from "@quire/engine";
import { fileEndings } from "../api/fileEndings.ts";
import { type SettingsAnswer, SettingsSchema } from "../api/shapes.ts";
import { route } from "./route.ts";

export const getSettings = route({
  method: "get",
  path: "/api/settings",
  name: "getSettings",
  summary: "What may be sent, which languages are installed, and where people sign in.",
  answers: { 200: { description: "The settings.", schema: SettingsSchema } },
  handle({ response, services: { config, version } }) {
    const { maxFileBytes, maxPages } = config.limits;
    const extensions = Object.values(fileEndings).flat();
    const languages = listModels(config.tessdataDir);
    const signIn = signInOf(config.supabase, config.fileStoreDir);
    response.json({
      version,
      maxFileBytes,
      maxPages,
      extensions,
      languages,
      signIn,
    } satisfies SettingsAnswer);
  },
});

function signInOf(supabase: SupabaseConfig | null, fileStoreDir: string | null): SettingsAnswer["signIn"] {
  if (supabase === null || supabase.anonKey === null) return null;
  const { url, anonKey, bucket, serviceRoleKey } = supabase;
  const uploads = serviceRoleKey !== null && fileStoreDir === null ? "supabase" : "api";
  return { url, anonKey, bucket, uploads };
}
