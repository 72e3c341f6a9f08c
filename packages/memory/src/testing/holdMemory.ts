/** Holds as many bytes as its argument says, touched so that they are resident, until it is killed. */
const held = Buffer.alloc(Number(process.argv[2]), 1);
process.send?.(held.length);
// Named here so that the collector cannot take it before.
process.on("disconnect", () => process.exit(held.length > 0 ? 0 : 1));
