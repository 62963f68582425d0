import { plural } from "../plural";

/** What the smallest pieces say. */
export const parts = {
  close: "Close",
  cancel: "Cancel",
  save: "Save",
  saved: "Saved",
  copied: "Copied",
  back: "Back",
  more: "More",
  retry: "Try again",
  showPassword: "Show password",
  unreachable: "The server does not answer. Try again in a moment.",
  nobodyFound: (query: string) => `Nobody here is called “${query}”.`,
  nothingFound: (query: string) => `Nothing is called “${query}”.`,
  results: (n: number) => plural(n, { one: "{n} result", other: "{n} results" }),
  remove: (name: string) => `Remove ${name}`,
  state: { online: "Here", away: "Away", dnd: "Do not disturb", offline: "Not here" },
  you: "you",
};
