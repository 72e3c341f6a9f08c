const signals = ["SIGTERM", "SIGINT"] as const;
/** A service manager tells every process of a group, and the supervisor passes its own on: one wish, two signals. */
const sameWishWithinMs = 250;

/**
 * Calls `leave` once, when this process is told to leave by SIGTERM or Ctrl-C, or has lost its supervisor. Told again
 * later, the process ends at once. To be disposed of when it leaves, or the channel to its supervisor would keep it.
 */
export function whenToldToLeave(leave: (reason: string) => void): Disposable {
  let toldAt: number | null = null;
  const tell = (reason: string) => {
    toldAt = performance.now();
    leave(reason);
  };
  const onSignal = (signal: NodeJS.Signals) => {
    if (toldAt === null) tell(signal);
    else if (performance.now() - toldAt > sameWishWithinMs) process.exit(1);
  };
  const onDisconnect = () => {
    if (toldAt === null) tell("supervisor gone");
  };
  for (const signal of signals) process.on(signal, onSignal);
  process.once("disconnect", onDisconnect);
  // False only where there was a supervisor: it may be gone before anybody listened.
  if (process.connected === false) onDisconnect();
  return {
    [Symbol.dispose]() {
      for (const signal of signals) process.off(signal, onSignal);
      process.off("disconnect", onDisconnect);
      if (process.connected) process.disconnect();
    },
  };
}
