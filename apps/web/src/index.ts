export * from "./api/shapes.ts";
export { runWeb } from "./runWeb.ts";
export { WebServer, type WebServerOptions } from "./webServer.ts";
