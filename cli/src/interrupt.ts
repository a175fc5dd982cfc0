/** A signal that aborts at the first Ctrl-C (or SIGTERM). A second one ends the program at once, as usual. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => controller.abort());
  return controller.signal;
}
