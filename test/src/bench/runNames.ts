export const digitalPages = 120;

/** What the runs that are held to something are called. */
export const runNames = {
  lzw: "lzw tiff",
  digital: `digital, ${digitalPages} pages`,
  samples: "samples",
} as const;
