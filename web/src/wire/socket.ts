// The live line: one WebSocket that comes back by itself. It knows frames, not what they mean: `onframe` gets each one,
// `hello` is asked anew at every connect for what we hold.
import { type AfterClose, afterClose } from "./close";
import type { ClientFrame, Hello, ServerFrame } from "./types";

export type Line = "connecting" | "online" | "waiting" | "stopped" | "signed-out";
type Outgoing = ClientFrame & { id?: string | number };

const FIRST_WAIT = 400;
const LONGEST_WAIT = 20_000;
const PING_EVERY = 20_000;
/** Without a word for so long the line is dead, whatever the system says of it. */
const DEAD_AFTER = 45_000;
const WELCOME_WITHIN = 10_000;

export class Socket {
  line: Line = "stopped";
  #socket: WebSocket | null = null;
  #tries = 0;
  #wait = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pinging: ReturnType<typeof setInterval> | undefined;
  #heard = 0;

  constructor(
    private readonly on: {
      hello: () => Omit<Hello, "v">;
      frame: (frame: ServerFrame) => void;
      line: (line: Line) => void;
    },
  ) {}

  start(): void {
    if (this.#socket || this.line === "waiting") return;
    this.#tries = 0;
    this.#connect();
  }

  /** Closes and stays closed. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#drop();
    this.#turn("stopped");
  }

  /** Connect now instead of after the wait: somebody pressed "Try now", or the system says it is back on the net. */
  retry(): void {
    if (this.line !== "waiting") return;
    clearTimeout(this.#timer);
    this.#connect();
  }

  /** Looks whether the line still carries, after a sleep of the machine or a change of networks. */
  check(): void {
    if (this.line === "waiting") this.retry();
    else if (this.line === "online" && !this.send({ t: "ping" })) this.#lost("again");
    else if (this.line === "online") this.#heard = Math.min(this.#heard, Date.now() - DEAD_AFTER + 5000);
  }

  /** Whether the frame went out; nothing is queued here. */
  send(frame: Outgoing): boolean {
    if (this.line !== "online" || this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  #connect(): void {
    this.#drop();
    this.#turn("connecting");
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/api/v1/live`);
    this.#socket = socket;
    this.#heard = Date.now();
    this.#timer = setTimeout(() => this.#lost("again"), WELCOME_WITHIN);
    socket.onopen = () => socket.send(JSON.stringify({ t: "hello", v: 1, ...this.on.hello() }));
    socket.onmessage = (message) => this.#take(String(message.data));
    socket.onclose = (event) => this.#lost(afterClose(event.code));
  }

  #take(text: string): void {
    this.#heard = Date.now();
    let frame: ServerFrame;
    try {
      frame = JSON.parse(text);
    } catch {
      return;
    }
    if (frame.t === "welcome") this.#welcomed();
    if (frame.t === "restart") this.#wait = frame.after_ms;
    this.on.frame(frame);
  }

  #welcomed(): void {
    clearTimeout(this.#timer);
    this.#tries = 0;
    this.#pinging = setInterval(() => {
      if (Date.now() - this.#heard > DEAD_AFTER) this.#lost("again");
      else this.send({ t: "ping" });
    }, PING_EVERY);
    // The state turns before the frame is handed on, so that whoever takes the welcome can already send.
    this.#turn("online");
  }

  #lost(after: AfterClose): void {
    this.#drop();
    if (after === "signed-out") return this.#turn("signed-out");
    if (after === "stop") return this.#turn("stopped");
    // Full jitter: a thousand clients of a server that was restarted do not come back in one moment.
    const ceiling = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#tries++);
    const wait = Math.max(this.#wait, ceiling / 4) + Math.random() * ceiling * 0.75;
    this.#wait = 0;
    this.#timer = setTimeout(() => this.#connect(), wait);
    this.#turn("waiting");
  }

  #drop(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#pinging);
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #turn(line: Line): void {
    if (this.line === line) return;
    this.line = line;
    this.on.line(line);
  }
}
