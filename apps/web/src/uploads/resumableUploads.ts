import { randomUUID } from "node:crypto";
import { type Limits, QuireError } from "@quire/core";
import { type ServerOptions, Server as TusServer, type Upload } from "@tus/server";
import type { Request, Response } from "express";
import { readDetails, writeDetails } from "../intake/details.ts";
import type { Intake, TakenIn } from "../intake/intake.ts";
import { checkTusRequest } from "./checkTusRequest.ts";
import { translate, uploadNotFound } from "./tusErrors.ts";
import { partsOf, uploadKey } from "./uploadKey.ts";
import { UploadLocks } from "./uploadLocks.ts";
import type { Uploads } from "./uploads.ts";

export const uploadsPath = "/api/uploads";
/** A request that holds an upload has so long to store what it has when another one asks for it. */
const lockDrainMs = 1_000;

export interface TusOptions {
  readonly uploads: Uploads;
  readonly limits: Limits;
  readonly tessdataDir: string | null;
  readonly ownerOf: (request: Request) => string;
  readonly intake: Intake;
}

/** The library's request: made of Node's, which it carries. */
type LibraryRequest = Parameters<NonNullable<ServerOptions["namingFunction"]>>[0];

/** Resumable uploads (TUS 1.0.0), spoken by the library, kept by {@link Uploads}. */
export class ResumableUploads {
  readonly #options: TusOptions;
  readonly #server: TusServer;

  constructor(options: TusOptions) {
    this.#options = options;
    const { uploads, limits, ownerOf } = options;
    const ownerIn = (request: LibraryRequest) => ownerOf(request.runtime?.node?.req as Request);
    this.#server = new TusServer({
      path: uploadsPath,
      datastore: uploads.store,
      locker: new UploadLocks(),
      lockDrainTimeout: lockDrainMs,
      maxSize: limits.maxFileBytes,
      relativeLocation: true,
      respectForwardedHeaders: false,
      allowedOrigins: () => false,
      namingFunction: (request) => `${ownerIn(request)}/${randomUUID()}`,
      generateUrl: (_request, { path, id }) => `${path}/${partsOf(id).id}`,
      getFileIdFromRequest: (request, id) => uploadKey(ownerIn(request), id ?? "") ?? undefined,
      onUploadCreate: (_request, upload) => this.#onCreate(upload),
      onUploadFinish: async (_request, { id }) => ({ headers: headersOf(await uploads.finish(id)) }),
      // Thrown through the library, to where every error is answered.
      onResponseError: (_request, error) => {
        throw translate(error, limits.maxFileBytes);
      },
    });
  }

  /** Answers a request of the protocol. @throws QuireError as it is refused */
  async handle(request: Request, response: Response): Promise<void> {
    checkTusRequest(request, response);
    if (request.method === "HEAD") response.set(await this.#outcome(request));
    if (request.method === "DELETE") await this.#assertThere(request);
    if (request.get("Expect")) response.writeContinue();
    await this.#server.handle(request, response);
  }

  /** What is complete is finished before it is told about: a client asks so that lost the last answer. */
  async #outcome(request: Request): Promise<Record<string, string>> {
    const finished = await this.#options.uploads.finishIfComplete(this.#keyOf(request));
    return finished ? headersOf(finished) : {};
  }

  /** Also waits until it is not being finished any more. */
  async #assertThere(request: Request): Promise<void> {
    if (!(await this.#options.uploads.isThere(this.#keyOf(request)))) throw uploadNotFound();
  }

  #keyOf(request: Request): string {
    const key = uploadKey(this.#options.ownerOf(request), `${request.params.id}`);
    if (key === null) throw uploadNotFound();
    return key;
  }

  async #onCreate(upload: Upload): Promise<{ metadata: Upload["metadata"] }> {
    if (upload.size === 0) throw new QuireError("empty_file", "The file is empty. Choose another.");
    const details = readDetails(upload.metadata ?? {}, this.#options.tessdataDir);
    await this.#options.intake.assertRoom(partsOf(upload.id).ownerId);
    return { metadata: writeDetails(details) };
  }
}

/** What became of the upload: a client needs no other answer. */
function headersOf({ documentId, isNew }: TakenIn): Record<string, string> {
  return { "Quire-Document": documentId, "Quire-Document-New": `${isNew}` };
}
