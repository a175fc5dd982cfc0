import { answer, createControllerClient, ProblemError, UnreachableError } from "@damson/client";
import { type Checker, compileSchema, issuesSummary } from "../../schema/index.ts";
import { linesOf } from "./lines.ts";
import { AssignmentList, type ControllerApi, HeartbeatAnswer, ReportsAnswer } from "./protocol.ts";

const CALL_MS = 10_000;
/** A list of thousands of assignments takes its time. */
const LIST_MS = 60_000;
/** The stream sends a sign of life every 15 s. */
const STREAM_IDLE_MS = 50_000;

const heartbeatAnswer = compileSchema(HeartbeatAnswer);
const assignmentList = compileSchema(AssignmentList);
const reportsAnswer = compileSchema(ReportsAnswer);

/** The calls of the link, by the controller's client. */
export function controllerCalls(url: string, token: string | undefined): ControllerApi {
  const { api } = createControllerClient({ url, token, timeoutMs: LIST_MS });
  const within = <T>(ms: number, signal: AbortSignal, made: (signal: AbortSignal) => Promise<T>): Promise<T> =>
    callWithin(url, ms, signal, made);
  return {
    heartbeat: (body, signal) =>
      within(CALL_MS, signal, async (late) =>
        checked(await answer(api.POST("/v1/nodes/heartbeat", { body, signal: late })), heartbeatAnswer),
      ),
    assignments: (nodeId, etag, signal) =>
      within(LIST_MS, signal, async (late) => {
        const headers: Record<string, string> = etag === undefined ? {} : { "if-none-match": etag };
        const query = { nodeId, include: "apply" as const };
        try {
          const { data, response } = await api.GET("/v1/assignments", { params: { query }, headers, signal: late });
          return { list: checked(data, assignmentList), etag: response.headers.get("etag") ?? undefined };
        } catch (thrown) {
          if (thrown instanceof ProblemError && thrown.problem.status === 304) return undefined;
          throw thrown;
        }
      }),
    async *nudges(nodeId, signal) {
      const params = { query: { nodeId } };
      const headers = { accept: "text/event-stream" };
      const { response } = await within(CALL_MS, signal, (late) =>
        api.GET("/v1/stream", { params, headers, parseAs: "stream", signal: late }),
      );
      yield;
      for await (const line of linesOf(response, STREAM_IDLE_MS, signal)) {
        if (line.startsWith("data:") && line.slice("data:".length).trim() === "assignments") yield;
      }
    },
    report: (nodeId, statuses, signal) =>
      within(CALL_MS, signal, async (late) =>
        checked(
          await answer(api.POST("/v1/instances/status", { body: { nodeId, statuses: [...statuses] }, signal: late })),
          reportsAnswer,
        ),
      ),
    register: ({ endpoints, ...registration }, signal) =>
      within(CALL_MS, signal, async (late) => {
        const body = { ...registration, endpoints: [...endpoints] };
        await api.POST("/v1/services/register", { body, signal: late });
      }),
    deregister: (instanceId, signal) =>
      within(CALL_MS, signal, async (late) => {
        await api.DELETE("/v1/services", { params: { query: { instanceId } }, signal: late });
      }),
  };
}

/** Once the head of an answer is there, aborting may no longer end the reading of its body: hence the race. */
async function callWithin<T>(
  url: string,
  ms: number,
  signal: AbortSignal,
  made: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const overdue = Promise.withResolvers<never>();
  const give = (reason: string): void => {
    const error = new UnreachableError(url, new Error(reason));
    overdue.reject(error);
    late.abort(error);
  };
  const timer = setTimeout(() => give(`no answer within ${ms / 1_000} s`), ms);
  const stopped = (): void => give("the agent stops");
  signal.addEventListener("abort", stopped, { once: true });
  try {
    return await Promise.race([made(late.signal), overdue.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stopped);
  }
}

function checked<T>(value: unknown, checker: Checker<T>): T {
  if (checker.accepts(value)) return value;
  throw new ProblemError({
    status: 502,
    code: "ANSWER_UNEXPECTED",
    detail: `an answer is none that a controller gives: ${issuesSummary(checker.check(value))}`,
    remedy: "Check that the URL is that of a Damson controller.",
  });
}
