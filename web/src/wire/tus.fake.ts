// A server that takes uploads, for tests: it stands behind XMLHttpRequest and breaks where it is told to.
import type { FileInfo } from "./types";

type Held = { size: number; offset: number; metadata: string; file?: FileInfo };
type Wrong = { status: number; code: string; detail?: string; retryAfter?: number };

export class FakeTus {
  held = new Map<string, Held>();
  /** "PATCH 0", "HEAD", … in order. */
  asked: string[] = [];
  online = true;
  /** The next piece breaks after so many bytes of it; they are kept. */
  breakAfter: number | undefined;
  /** Refusals for the next requests of a method. */
  wrong: Partial<Record<string, Wrong[]>> = {};
  /** Pieces are taken and not answered. */
  silent = false;
  #names = 0;

  install(): void {
    const server = this;
    globalThis.XMLHttpRequest = class extends Request_ {
      override server = server;
    } as unknown as typeof XMLHttpRequest;
  }

  get only(): Held {
    return [...this.held.values()].at(-1)!;
  }

  answer(
    method: string,
    url: string,
    headers: Map<string, string>,
    body: Blob | null,
  ): Answer | "broken" | "silent" {
    const from = headers.get("upload-offset");
    this.asked.push(from === undefined ? method : `${method} ${from}`);
    if (!this.online) return "broken";
    const wrong = this.wrong[method]?.shift();
    if (wrong) return refused(wrong);
    const id = url.split("/").at(-1)!;
    if (method === "POST") return this.#create(headers);
    const held = this.held.get(id);
    if (!held) return refused({ status: 404, code: "not_found" });
    if (method === "HEAD")
      return { status: 200, headers: { "upload-offset": String(held.offset) }, body: "" };
    if (method === "DELETE") {
      this.held.delete(id);
      return { status: 204, headers: {}, body: "" };
    }
    if (method === "PATCH") return this.#piece(held, Number(from), body?.size ?? 0);
    const { offset, size, file } = held;
    return { status: 200, headers: {}, body: JSON.stringify({ id, offset, size, file }) };
  }

  #create(headers: Map<string, string>): Answer {
    const id = `u${++this.#names}`;
    this.held.set(id, {
      size: Number(headers.get("upload-length")),
      offset: 0,
      metadata: headers.get("upload-metadata") ?? "",
    });
    return { status: 201, headers: { location: `/api/v1/uploads/${id}` }, body: "" };
  }

  #piece(held: Held, from: number, size: number): Answer | "broken" | "silent" {
    if (this.silent) return "silent";
    if (from !== held.offset) return refused({ status: 409, code: "wrong_offset" });
    const { breakAfter } = this;
    this.breakAfter = undefined;
    held.offset += Math.min(size, breakAfter ?? size);
    if (breakAfter !== undefined) return "broken";
    if (held.offset === held.size) {
      const number = Number([...this.held].find(([, one]) => one === held)![0].slice(1));
      held.file = { id: 100 + number, name: "as sent", type: "image/png", size: held.size };
    }
    return { status: 204, headers: { "upload-offset": String(held.offset) }, body: "" };
  }
}

type Answer = { status: number; headers: Record<string, string>; body: string };

function refused({ status, code, detail = "", retryAfter }: Wrong): Answer {
  const headers: Record<string, string> = retryAfter ? { "retry-after": String(retryAfter) } : {};
  return { status, headers, body: JSON.stringify({ code, detail }) };
}

class Request_ {
  declare server: FakeTus;
  status = 0;
  responseText = "";
  onload: () => void = () => undefined;
  onerror: () => void = () => undefined;
  onabort: () => void = () => undefined;
  upload: { onprogress?: (event: { loaded: number }) => void; onload?: () => void } = {};
  #method = "";
  #url = "";
  #headers = new Map<string, string>();
  #answered: Record<string, string> = {};
  #over = false;

  open(method: string, url: string): void {
    this.#method = method;
    this.#url = url;
  }
  setRequestHeader(name: string, value: string): void {
    this.#headers.set(name.toLowerCase(), value);
  }
  getResponseHeader(name: string): string | null {
    return this.#answered[name] ?? null;
  }
  send(body: Blob | null): void {
    queueMicrotask(() => {
      if (this.#over) return;
      if (body) this.upload.onprogress?.({ loaded: Math.floor(body.size / 2) });
      const answer = this.server.answer(this.#method, this.#url, this.#headers, body);
      if (answer === "silent") return;
      this.#over = true;
      if (answer === "broken") return this.onerror();
      this.status = answer.status;
      this.#answered = answer.headers;
      this.responseText = answer.body;
      this.onload();
    });
  }
  abort(): void {
    if (this.#over) return;
    this.#over = true;
    this.onabort();
  }
}
