/** How what was begun is ended; the last one is ended first. */
export type CleanUp = (() => unknown)[];

/**
 * Begins a server: `work` notes in `cleanUp` how to end each part that it has begun, and keeps `closeAll` for when the server
 * is to end. When `work` throws, what it had begun is ended.
 */
export async function bringUp<T>(work: (cleanUp: CleanUp, closeAll: () => Promise<void>) => Promise<T>): Promise<T> {
  const cleanUp: CleanUp = [];
  const closeAll = async (): Promise<void> => {
    for (const close of cleanUp.splice(0).reverse()) await close();
  };
  try {
    return await work(cleanUp, closeAll);
  } catch (thrown) {
    await closeAll();
    throw thrown;
  }
}
