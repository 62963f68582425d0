// A program that follows rooms over the socket and keeps a copy of their logs, through every break of the line.
import { setTimeout as wait } from "node:timers/promises";
import WebSocket from "ws";
import { Api } from "./api.js";

export class Follower {
  /** Each room's log as it came, event by event. */
  copies = new Map();
  /** What must never happen, in words. */
  wrongs = [];
  /** client_id → {room, text} of what was sent and not acknowledged. */
  pending = new Map();
  /** client_id → seq, as acknowledged. */
  acked = new Map();
  onack = () => {};
  /** Rooms that the server said are gone. */
  gone = new Set();
  #work = Promise.resolve();
  #over = false;

  constructor(program, token, rooms = []) {
    this.program = program;
    this.token = token;
    for (const room of rooms) this.copies.set(room, []);
  }

  /** Connects, and again after every break, until `close`. Answers at the first welcome. */
  open() {
    return new Promise((welcomed) => {
      this.onwelcome = welcomed;
      this.#connect();
    });
  }

  #connect() {
    if (this.#over) return;
    const socket = new WebSocket(`${this.program.url.replace("http", "ws")}/api/v1/live`);
    this.socket = socket;
    socket.on("open", () => {
      const cursors = [...this.copies].map(([room, events]) => [room, events.length]);
      this.#say({
        t: "hello",
        v: 1,
        token: this.token,
        epoch: this.epoch,
        cursors,
      });
    });
    // One frame after the other, also where one of them has to ask by HTTP first.
    socket.on("message", (data) => {
      this.#work = this.#work.then(() => this.socket === socket && this.#take(JSON.parse(data)));
    });
    socket.on("error", () => {});
    socket.on("close", () => wait(5 + Math.random() * 20).then(() => this.#connect()));
  }

  #say(frame) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  send(room, client_id, text) {
    this.pending.set(client_id, { room, text });
    this.#say({ t: "send", room, client_id, text });
  }

  /** Answers when the server has dealt with everything that was asked before. */
  pong() {
    return new Promise((done) => {
      this.onpong = done;
      this.#say({ t: "ping" });
    });
  }

  async #take(frame) {
    switch (frame.t) {
      case "welcome":
        if (this.epoch && this.epoch !== frame.epoch) this.wrongs.push(`the epoch changed to ${frame.epoch}`);
        this.epoch = frame.epoch;
        this.onwelcome();
        // Whether these arrived is not known: they are sent again, and appear once.
        for (const [client_id, { room, text }] of this.pending)
          this.#say({ t: "send", room, client_id, text });
        break;
      case "event": {
        const { t, ...event } = frame;
        const copy = this.copies.get(event.room);
        if (!copy) break;
        if (event.seq !== copy.length + 1)
          this.wrongs.push(`room ${event.room}: ${event.seq} came after ${copy.length}`);
        copy.push(event);
        break;
      }
      case "reset":
        if (frame.reason !== "too_far") this.wrongs.push(`reset: ${frame.reason}`);
        await this.#reread(frame.room, frame.head);
        break;
      case "ack":
        if (!this.pending.delete(frame.client_id)) break;
        this.acked.set(frame.client_id, frame.seq);
        this.onack(frame.client_id);
        break;
      case "gone":
        this.gone.add(frame.room);
        break;
      case "pong":
        this.onpong?.();
        break;
      case "refused":
        if (frame.client_id) this.wrongs.push(`refused: ${frame.code} ${frame.detail}`);
        break;
    }
  }

  async #reread(room, head) {
    const copy = this.copies.get(room);
    const api = new Api(this.program.url, this.token);
    while (copy && copy.length < head) {
      const { events } = await api.get(`rooms/${room}/events?after=${copy.length}&limit=1000`);
      copy.push(...events.filter(({ seq }) => seq <= head));
    }
  }

  close() {
    this.#over = true;
    this.socket.terminate();
  }
}
