import { words } from "../words";

/** The server's own sentence where it said one (a problem), else that it could not be reached. */
export function told(error: unknown): string {
  const problem = asProblem(error);
  return problem?.detail || problem?.title || words.parts.unreachable;
}

/** The field that an answer blames, so that the words stand beside it. */
export function blamed(error: unknown): string | undefined {
  return asProblem(error)?.field;
}

function asProblem(error: unknown): { detail?: string; title?: string; field?: string } | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const inner = "problem" in error ? error.problem : error;
  return typeof inner === "object" && inner !== null && "code" in inner ? inner : undefined;
}
