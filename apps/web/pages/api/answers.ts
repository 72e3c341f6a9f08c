/** What the API answers, as types alone: the pages trust their own server and carry no schemas. */
export type * from "../../src/api/shapes.ts";
