import { randomUUID } from "node:crypto";
import { correctionModes, type Limits, QuireError, qualities, textLayerModes } from "@quire/core";
import type { Request } from "express";
import { type AddedAnswer, AddedSchema } from "../api/shapes.ts";
import { PlacesOfOwners } from "../http/places.ts";
import { type DetailName, type Details, type GivenDetails, readDetails } from "../intake/details.ts";
import { type Received, receiveBody } from "../intake/receiveBody.ts";
import { formOverheadBytes, isForm, receiveForm } from "../intake/receiveForm.ts";
import { untilGone } from "../intake/untilGone.ts";
import { documentWithStanding } from "./documents.ts";
import { flag, oneOf, text } from "./parameters.ts";
import { type Call, route, type Sent } from "./route.ts";

/** Each takes a connection, a file and some 200 KB; resumable uploads have a bound of their own. */
const maxAtOnce = 32;
/** Of one owner where people sign in, so that nobody takes them all. */
const maxAtOnceOfOwner = 16;
/** Of a name as it is given: a path and what cannot be seen are taken off before it is cut to 255. */
const maxGivenCharacters = 4_096;
const maxLanguagesCharacters = 250;

const sent: Sent = {
  description: "The file itself, or a form with one file, and fields named as the parameters are.",
  types: {
    "application/octet-stream": {},
    "multipart/form-data": {
      type: "object",
      required: ["file"],
      properties: {
        file: { type: "string", contentMediaType: "application/octet-stream" },
        filename: { type: "string" },
        languages: { type: "string" },
        textLayer: { type: "string", enum: [...textLayerModes] },
        rotate: { type: "string", enum: [...correctionModes] },
        quality: { type: "string", enum: [...qualities] },
        force: { type: "string", enum: ["0", "1"] },
      },
    },
  },
};

/** @returns a route with places of its own @param signsIn whether there is more than one owner */
export function addDocument(signsIn: boolean) {
  const places = new PlacesOfOwners(maxAtOnce, signsIn ? maxAtOnceOfOwner : maxAtOnce, tooMany);
  return route({
    method: "post",
    path: "/api/documents",
    name: "addDocument",
    audit: "change",
    summary: "Sends a document at once. For large files and bad lines: resumable uploads, /api/uploads.",
    query: {
      filename: text("What it is called; else by Content-Disposition, or the form.", maxGivenCharacters),
      languages: text(
        "Its languages, such as eng,fra; auto, the default: detect them.",
        maxLanguagesCharacters,
      ),
      textLayer: oneOf("What to make of a PDF's own text.", textLayerModes),
      rotate: oneOf("Whether pages that lie on their side or head are read upright.", correctionModes),
      quality: oneOf(
        "What a second recogniser checks: numbers, doubtful words as well, or everything. Default: OCR_QUALITY.",
        qualities,
      ),
      force: flag("Read it again even if the same content is there already."),
    },
    headers: { "Content-Disposition": "What the file is called." },
    sent,
    answers: {
      201: {
        description: "It is new, and waits.",
        schema: AddedSchema,
        headers: { Location: "The document." },
      },
      200: {
        description: "The same content was there already.",
        schema: AddedSchema,
        headers: { Location: "The document." },
      },
    },
    refusals: [
      ...([
        "file_too_large",
        "unsupported_format",
        "empty_file",
        "invalid_document",
        "language_missing",
      ] as const),
      ...(["owner_queue_full", "queue_full", "too_many_uploads", "storage_unavailable"] as const),
    ],
    async handle(call) {
      const giveBack = places.take(call.ownerId);
      try {
        await add(call);
      } finally {
        giveBack();
      }
    },
  });
}

type Query = Readonly<Record<Exclude<DetailName, "force">, string | undefined>> & { readonly force: boolean };

async function add({ request, response, query, ownerId, documents, services }: Call<Query>): Promise<void> {
  const { config, intake } = services;
  const signal = untilGone(request);
  const parameters = withoutUndefined({ ...query, force: query.force ? "1" : undefined });
  const { tessdataDir, limits } = config;
  // What can be known beforehand is said before anything is sent.
  readDetails(parameters, tessdataDir);
  assertLength(request, limits);
  await intake.assertRoom(ownerId);
  if (request.get("Expect")) response.writeContinue();

  const of = { ownerId, id: randomUUID() };
  const store = (content: AsyncIterable<Uint8Array>) => intake.store(of, content, signal);
  let received: Received;
  let details: Details;
  try {
    received = isForm(request)
      ? await receiveForm(request, store, signal)
      : await receiveBody(request, store);
    details = readDetails({ ...received.given, ...parameters }, tessdataDir);
  } catch (error) {
    // What was stored before something else went wrong would be nobody's.
    await intake.discard(of);
    throw error;
  }
  const { documentId, isNew } = await intake.add(of, received.stored, details);

  const document = await documentWithStanding(documents, documentId);
  response.set("Location", `/api/documents/${documentId}`);
  response.status(isNew ? 201 : 200).json({ document, isNew } satisfies AddedAnswer);
}

/** @throws QuireError `file_too_large`, before a byte of it is read */
function assertLength(request: Request, { maxFileBytes }: Limits): void {
  const lengthBytes = Number(request.get("Content-Length") ?? 0);
  if (lengthBytes <= maxFileBytes + (isForm(request) ? formOverheadBytes : 0)) return;
  throw new QuireError(
    "file_too_large",
    `${(lengthBytes / 1_000_000).toFixed(1)} MB is over the ${maxFileBytes / 1_000_000} MB limit. Split the document into smaller files.`,
  );
}

function withoutUndefined(given: GivenDetails): GivenDetails {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function tooMany(): QuireError {
  return new QuireError(
    "too_many_uploads",
    "As many files are coming in at once as there may be. Wait until some are through.",
  );
}
