export * from "./api/shapes.ts";
