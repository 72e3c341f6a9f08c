import { openApi } from "../api/openApi.ts";
import { addDocument } from "./addDocument.ts";
import { addStoredDocument } from "./addStoredDocument.ts";
import {
  cancelDocument,
  eraseDocument,
  getDocument,
  listDocuments,
  reprocessDocument,
  retryDocument,
} from "./documents.ts";
import { getOriginal } from "./downloads.ts";
import { eventRoutes } from "./events.ts";
import { getHealth, getReady } from "./health.ts";
import { getMemory, getOperations, reprocessOlder, retryDeadLetter } from "./operations.ts";
import { outputRoutes } from "./outputs.ts";
import { getPage, getPreview, listPages } from "./pages.ts";
import { openRoute, type Route } from "./route.ts";
import { search } from "./search.ts";
import { getSettings } from "./settings.ts";
import { uploadRoutes } from "./uploads.ts";
import { webhookRoutes } from "./webhooks.ts";

/** Every operation of the API, and its documentation. @param signsIn whether people sign in */
export function apiRoutes(version: string, signsIn = false): Route[] {
  const routes = [
    listDocuments,
    addDocument(signsIn),
    addStoredDocument,
    getDocument,
    eraseDocument,
    cancelDocument,
    retryDocument,
    reprocessDocument,
    listPages,
    getPage,
    getPreview,
    ...outputRoutes,
    getOriginal,
    ...eventRoutes(),
    ...uploadRoutes,
    search,
    ...webhookRoutes,
    getSettings,
    getOperations,
    retryDeadLetter,
    reprocessOlder,
    getMemory,
    getHealth,
    getReady,
  ];
  const documentation = openRoute({
    access: "anybody",
    method: "get",
    path: "/api/openapi.json",
    name: "getOpenApi",
    summary: "This document.",
    answers: { 200: { description: "OpenAPI 3.1.", types: ["application/json"] } },
    handle({ response }) {
      response.json(document);
    },
  });
  const all = [...routes, documentation];
  const document = openApi(all, version, signsIn);
  return all;
}
