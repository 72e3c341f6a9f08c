import { collectDefaultMetrics, type Registry } from "./promClient.ts";

/**
 * The event loop's delay is looked at so often. The default of 10 ms takes 0.6 % of a processor from an idle worker,
 * this 0.06 %. What is measured is the time between two looks: a calm loop shows 0.1 s.
 */
const eventLoopPrecisionMs = 100;

/**
 * Of what Prometheus users expect of any Node process: 24 series of heap spaces; what walks every handle by a private
 * interface of Node's to name its class; the event loop's figures that would only show how often it is looked at.
 */
const leftOut = [
  "nodejs_heap_space_size_total_bytes",
  "nodejs_heap_space_size_used_bytes",
  "nodejs_heap_space_size_available_bytes",
  "nodejs_active_handles",
  "nodejs_active_handles_total",
  "nodejs_active_requests",
  "nodejs_active_requests_total",
  "nodejs_active_resources",
  "nodejs_active_resources_total",
  "nodejs_eventloop_lag_min_seconds",
  "nodejs_eventloop_lag_mean_seconds",
  "nodejs_eventloop_lag_stddev_seconds",
  "nodejs_eventloop_lag_p50_seconds",
  "nodejs_eventloop_lag_p90_seconds",
];

/** Adds the worker process's own figures: processor time, resident memory, file descriptors, event loop, collections. */
export function addProcessMetrics(registry: Registry, prefix: string): void {
  collectDefaultMetrics({ register: registry, prefix, eventLoopMonitoringPrecision: eventLoopPrecisionMs });
  for (const name of leftOut) registry.removeSingleMetric(`${prefix}${name}`);
}
