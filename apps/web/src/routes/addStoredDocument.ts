import { correctionModes, qualities, textLayerModes } from "@quire/core";
import { toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { type AddedAnswer, AddedSchema } from "../api/shapes.ts";
import { readJson } from "../http/readJson.ts";
import { type Details, readDetails } from "../intake/details.ts";
import { documentWithStanding } from "./documents.ts";
import { type Call, route } from "./route.ts";

/** As much as a file's name of 4,096 characters in UTF-8 and ten languages may take. */
const maxBodyBytes = 32_768;
const maxNameCharacters = 4_096;
const maxLanguages = 10;
const maxLanguageCharacters = 50;

const StoredSchema = v.object({
  id: v.pipe(v.string(), v.uuid()),
  filename: v.pipe(v.string(), v.maxLength(maxNameCharacters)),
  options: v.optional(
    v.object({
      languages: v.optional(
        v.pipe(
          v.array(v.pipe(v.string(), v.maxLength(maxLanguageCharacters))),
          v.minLength(1),
          v.maxLength(maxLanguages),
        ),
      ),
      textLayer: v.optional(v.picklist(textLayerModes)),
      rotate: v.optional(v.picklist(correctionModes)),
      quality: v.optional(v.picklist(qualities)),
    }),
  ),
  force: v.optional(v.boolean()),
});

export const addStoredDocument = route({
  method: "post",
  path: "/api/documents/stored",
  name: "addStoredDocument",
  audit: "change",
  summary:
    "Adds a document whose file was sent straight to the storage, as {the user's id}/{id}/original. Asking twice adds once.",
  sent: {
    description: "Which file, and what to do with it.",
    types: { "application/json": toJsonSchema(StoredSchema, { target: "draft-2020-12" }) },
  },
  answers: {
    201: {
      description: "It is new, and waits.",
      schema: AddedSchema,
      headers: { Location: "The document." },
    },
    200: {
      description: "It has been added already.",
      schema: AddedSchema,
      headers: { Location: "The document." },
    },
  },
  refusals: [
    ...(["file_missing", "file_too_large", "unsupported_format", "empty_file", "invalid_document"] as const),
    ...(["language_missing", "document_erased", "owner_queue_full", "queue_full"] as const),
    "storage_unavailable",
  ],
  handle: add,
});

async function add({ request, response, ownerId, documents, services }: Call<unknown>): Promise<void> {
  const { config, intake } = services;
  const sent = await readJson(request, StoredSchema, maxBodyBytes);
  const of = { ownerId, id: sent.id.toLowerCase() };
  const details = detailsOf(sent, config.tessdataDir);
  const wasThere = await intake.isThere(of);
  // Whose last answer was lost is told again what became of it.
  const { documentId, isNew } = wasThere
    ? { documentId: of.id, isNew: true }
    : await intake.addPlaced(of, details);
  const document = await documentWithStanding(documents, documentId);
  response.set("Location", `/api/documents/${documentId}`);
  response.status(wasThere ? 200 : 201).json({ document, isNew } satisfies AddedAnswer);
}

function detailsOf(sent: v.InferOutput<typeof StoredSchema>, tessdataDir: string | null): Details {
  const { filename, options, force = false } = sent;
  const given = {
    filename,
    ...options,
    languages: options?.languages?.join(","),
    force: force ? "1" : "0",
  };
  return readDetails(given, tessdataDir);
}
