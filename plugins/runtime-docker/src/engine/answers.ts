/** An answer of the engine that says no, as dockerode throws it. */
export interface EngineRefusal extends Error {
  readonly statusCode: number;
}

/** Whether the engine answered with one of these statuses; with any, when none is named. */
export function isRefusal(error: unknown, ...statuses: readonly number[]): error is EngineRefusal {
  if (!(error instanceof Error) || !("statusCode" in error) || typeof error.statusCode !== "number") return false;
  return statuses.length === 0 || statuses.includes(error.statusCode);
}

/** The engine's own words. */
export function refusalText(error: EngineRefusal): string {
  return error.message.replace(/^\(HTTP code \d+\) [^-]*- /, "").trim();
}

/** `undefined` where the engine answers with one of these statuses. */
export async function unless<T>(answer: Promise<T>, ...statuses: readonly number[]): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isRefusal(error, ...statuses)) return undefined;
    throw error;
  }
}
