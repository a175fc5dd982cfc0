/**
 * What `work` comes to, unless that takes longer than `ms`: then it is abandoned, and what it comes to is ignored.
 *
 * @throws what `overrun` returns.
 */
export async function withDeadline<T>(work: Promise<T>, ms: number, overrun: () => Error): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(overrun()), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
