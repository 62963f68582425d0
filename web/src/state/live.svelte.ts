// The live line as the screen sees it, and where state sends its frames.
//   live.line      "connecting" | "online" | "waiting" | "stopped" | "signed-out"
//   live.offline   true when the line is gone for more than a moment: short breaks are nobody's business
//   live.retry()   "Try now"
//   live.back(act) once it carries again: what could not be had meanwhile is asked for again
import { type Line, Socket } from "../wire/socket";
import type { ClientFrame, Hello, ServerFrame } from "../wire/types";

/** A break shorter than this is not shown. */
const GRACE = 1500;

type Handlers = {
  hello: () => Omit<Hello, "v">;
  frame: (frame: ServerFrame) => void;
  line: (line: Line) => void;
};

class Live {
  line = $state<Line>("stopped");
  offline = $state(false);
  #socket: Socket | null = null;
  #back = new Set<() => void>();
  #grace: ReturnType<typeof setTimeout> | undefined;

  start(on: Handlers): void {
    this.#socket?.stop();
    this.#socket = new Socket({
      ...on,
      line: (line) => {
        this.#show(line);
        on.line(line);
      },
    });
    this.#socket.start();
  }

  stop(): void {
    this.#socket?.stop();
    this.#socket = null;
    clearTimeout(this.#grace);
    this.offline = false;
  }

  retry(): void {
    this.#socket?.retry();
  }
  check(): void {
    this.#socket?.check();
    // A break may be shorter than the line takes to notice it.
    if (this.line === "online") this.#again();
  }
  /** Answers how to give it up; so an effect can hold it. */
  back(act: () => void): () => void {
    this.#back.add(act);
    return () => this.#back.delete(act);
  }
  /** Whether it went out. What must not be lost is kept by whoever sends it. */
  send(frame: ClientFrame): boolean {
    return this.#socket?.send(frame) ?? false;
  }

  #again(): void {
    for (const act of [...this.#back]) act();
  }

  #show(line: Line): void {
    this.line = line;
    if (line === "online" || line === "signed-out") {
      clearTimeout(this.#grace);
      this.#grace = undefined;
      this.offline = false;
      if (line === "online") this.#again();
    } else if (this.#grace === undefined && !this.offline) {
      this.#grace = setTimeout(() => {
        this.#grace = undefined;
        this.offline = this.line !== "online" && this.line !== "signed-out";
      }, GRACE);
    }
  }
}

export const live = new Live();
