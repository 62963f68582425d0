// The HTTP side of the contract: one typed call, errors as one class. The session travels in the cookie.
import type { Code, Problem } from "./types";

/** A refusal. `code` is stable and ours to act on, `detail` is for people, `field` says beside which input it belongs. */
export class ApiError extends Error {
  constructor(
    /** The server's code; `offline` where nothing answered at all. */
    readonly code: Code | "offline",
    readonly detail: string,
    readonly field?: string,
    readonly status = 0,
    readonly retryAfterMs?: number,
  ) {
    super(`${code}: ${detail}`);
  }
}

const PASSING: ReadonlySet<string> = new Set([
  "offline",
  "rate_limited",
  "busy",
  "unavailable",
  "timeout",
  "internal",
]);
/** Whether a refusal with this code may be another answer a moment later. */
export const passes = (code: string): boolean => PASSING.has(code);

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
export type Query = Record<string, string | number | boolean | undefined>;

async function call<T>(method: Method, path: string, body?: unknown, query?: Query): Promise<T> {
  const form = body instanceof FormData;
  let answer: Response;
  try {
    answer = await fetch(address(path, query), {
      method,
      credentials: "same-origin",
      headers: method === "GET" || form ? {} : { "content-type": "application/json" },
      body: form ? body : body === undefined ? (method === "GET" ? undefined : "{}") : JSON.stringify(body),
    });
  } catch {
    throw new ApiError("offline", "");
  }
  if (!answer.ok) throw await refusal(answer);
  return answer.status === 204 ? (undefined as T) : ((await answer.json()) as T);
}

export function address(path: string, query: Query = {}): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const tail = new URLSearchParams(pairs.map(([key, value]) => [key, String(value)])).toString();
  return `/api/v1/${path}${tail && "?"}${tail}`;
}

/** What a refusal says. */
export async function refusal(answer: Response): Promise<ApiError> {
  const wait = Number(answer.headers.get("retry-after"));
  const problem = (await answer.json().catch(() => ({}))) as Partial<Problem>;
  // A proxy in between answers without a problem document: its 502 and 504 mean that the server is away.
  const code = problem.code ?? (answer.status >= 500 ? "unavailable" : "invalid");
  return new ApiError(
    code,
    problem.detail ?? "",
    problem.field,
    answer.status,
    wait > 0 ? wait * 1000 : undefined,
  );
}

/** Answers that were asked for before their time; each is given once. */
const early = new Map<string, Promise<unknown>>();

export const api = {
  get<T>(path: string, query?: Query): Promise<T> {
    const at = address(path, query);
    const there = early.get(at) as Promise<T> | undefined;
    early.delete(at);
    return there ?? call<T>("GET", path, undefined, query);
  },
  /** Asks for what will be wanted: the same `get` is given this answer, once. A refusal is forgotten. */
  ahead<T>(path: string, query?: Query): Promise<T> {
    const answer = call<T>("GET", path, undefined, query);
    const at = address(path, query);
    early.set(at, answer);
    answer.catch(() => early.delete(at));
    return answer;
  },
  post: <T>(path: string, body?: unknown) => call<T>("POST", path, body),
  put: <T = void>(path: string, body?: unknown) => call<T>("PUT", path, body),
  patch: <T>(path: string, body: unknown) => call<T>("PATCH", path, body),
  delete: <T = void>(path: string) => call<T>("DELETE", path),
};
