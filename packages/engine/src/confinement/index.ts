/** What the engine is confined with, for other processes that open strangers' files. Loads no library of documents. */

export { confinedEnvironment, heapOptions, offerToKernel, StderrTail } from "./confinedProcess.ts";
export { DocumentLinks } from "./documentLinks.ts";
export { type Isolation, isolated, isolationOf } from "./isolation.ts";
export { type Permitted, permissions } from "./permissions.ts";
