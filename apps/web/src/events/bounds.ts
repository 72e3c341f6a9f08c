/** A stream takes a connection and some kilobytes. Each open tab has one or two. */
export const maxStreams = 1_000;
/** Of one owner, so that nobody takes them all. */
export const maxStreamsPerOwner = 250;

/** Routers forget connections that are silent for a minute; a client that is gone is noticed by it. */
export const pingEverySeconds = 15;
/** How often the place in the queue and the time left are told, and how late a change is seen that nobody told of. */
export const refreshEverySeconds = 5;
/** After which a client that lost its stream comes back. */
export const reconnectAfterMs = 3_000;

/** Documents that are looked at for those who watch all of an owner's: a list's first part, and those being read. */
export const maxListed = 50;
/** Changes of an owner's documents that wait to be looked up; with more, everybody begins anew with the list. */
export const maxPending = 500;
/** What a client has not read may pile up to here. Some hundred events: then it is cut off, and comes back. */
export const maxUnsentBytes = 256 * 1024;
/** Looking up what changed, at once: so many of the database's connections at most, and the others answer requests. */
export const maxLookups = 2;
