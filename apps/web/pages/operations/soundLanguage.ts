/**
 * uPlot makes a number format of the browser's language as it is loaded, and a browser without a locale of its own
 * (Chromium where LANG is C) calls that "en-US@posix", which no format takes. To be imported before uPlot.
 */
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, "language", { value: "en-US", configurable: true });
}
