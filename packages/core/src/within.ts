/**
 * What `work` comes to, if it does so in time.
 *
 * @throws Error when the time is up; whatever `work` throws
 */
export async function within<Result>(limitMs: number, work: Result | Promise<Result>): Promise<Result> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error("its time was up")), limitMs);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
