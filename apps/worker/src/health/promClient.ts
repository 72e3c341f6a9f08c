/**
 * The parts of prom-client that are used. Its entry also loads a push gateway, TLS and cluster support, which is
 * 2.5 MB more in a worker.
 */
export { default as Counter } from "prom-client/lib/counter.js";
export { default as collectDefaultMetrics } from "prom-client/lib/defaultMetrics.js";
export { default as Gauge } from "prom-client/lib/gauge.js";
export { default as Histogram } from "prom-client/lib/histogram.js";
export { default as Registry } from "prom-client/lib/registry.js";
