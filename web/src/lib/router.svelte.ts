// Where we are, by the address line. `router.route` is reactive; `go` moves; plain <a href="/r/7"> works as well, as
// clicks on links to our own pages are taken here.

export type Route =
  | { name: "home" }
  | { name: "room"; room: number; seq?: number }
  | { name: "files" }
  | { name: "activity" }
  | { name: "saved" }
  | { name: "threads" }
  | { name: "join"; code: string }
  | { name: "settings"; section: string };

export function parse(path: string, hash: string): Route {
  const [first, second, third] = path.split("/").filter(Boolean);
  if (first === "r" && isNumber(second)) {
    return isNumber(third)
      ? { name: "room", room: Number(second), seq: Number(third) }
      : { name: "room", room: Number(second) };
  }
  if (first === "files" || first === "activity" || first === "saved" || first === "threads")
    return { name: first };
  if (first === "join") return { name: "join", code: hash.replace(/^#/, "") };
  if (first === "settings") return { name: "settings", section: second ?? "" };
  return { name: "home" };
}

function isNumber(part: string | undefined): part is string {
  return part !== undefined && /^[1-9]\d{0,15}$/.test(part);
}

export const paths = {
  home: "/",
  room: (room: number) => `/r/${room}`,
  message: (room: number, seq: number) => `/r/${room}/${seq}`,
  files: "/files",
  activity: "/activity",
  saved: "/saved",
  threads: "/threads",
  join: (code: string) => `/join#${code}`,
  settings: (section = "") => (section ? `/settings/${section}` : "/settings"),
};

class Router {
  route = $state.raw<Route>({ name: "home" });
  /** Counts every move, also one to where we are: a link to a message works twice. */
  moves = $state(0);
  /** Whether only what lies over the page has changed: see `back`. */
  steps: (event: PopStateEvent) => boolean = () => false;

  /** Starts to follow the address line. Called once, by main. */
  start(): void {
    this.read();
    addEventListener("popstate", (event) => this.steps(event) || this.read());
    addEventListener("hashchange", () => this.read());
    document.addEventListener("click", (event) => this.click(event));
  }

  go(path: string, { replace = false } = {}): void {
    // What lay over the page (`back`) has left a step there: nobody wants to go back to that.
    history[replace || history.state ? "replaceState" : "pushState"](null, "", path);
    this.read();
  }

  private read(): void {
    this.route = parse(location.pathname, location.hash);
    this.moves += 1;
  }

  private click(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.("a");
    if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (link.pathname.startsWith("/api/")) return;
    event.preventDefault();
    this.go(link.pathname + link.search + link.hash);
  }
}

export const router = new Router();
