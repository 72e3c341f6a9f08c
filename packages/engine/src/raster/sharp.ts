import sharp, { type Sharp } from "sharp";

// One page at a time: a cache would only keep the last one, and the OCR threads need the processors.
sharp.cache(false);
sharp.concurrency(1);

export { type Sharp, sharp };
