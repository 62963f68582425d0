// What is open beside the conversation. Views set it, the shell shows it; nothing here is kept over a reload.
//   ui.panel   the third column: "people", "files", "pins", "thread", or null
//   ui.thread  which thread that is, and the reply that is asked for
//   ui.dialog  the dialog on top; the shell loads its component when it is first asked for
//   ui.sidebar on a phone: whether the list covers the room (the route decides what is under it)

export type Panel = "people" | "files" | "pins" | "thread";
export type Dialog =
  | { name: "new-room" }
  | { name: "browse" }
  | { name: "new-direct" }
  | { name: "invite" }
  | { name: "community" }
  | { name: "groups"; from?: "community" }
  | { name: "group"; group: number }
  | { name: "switcher" }
  | { name: "shortcuts" }
  | { name: "settings"; section?: string }
  | { name: "add-people"; room: number }
  | { name: "room-settings"; room: number; focus?: "name" | "topic" }
  | { name: "leave-room"; room: number }
  | { name: "archive-room"; room: number }
  | { name: "light-box"; room: number; seq: number; file: number }
  | { name: "reactions"; room: number; seq: number; emoji?: string }
  | { name: "history"; room: number; seq: number }
  | { name: "forward"; room: number; seqs: readonly number[] }
  | { name: "profile"; user: number };

/** One of its replies, or the cursor in its composer. */
type At = { seq?: number; reply?: boolean };

class Ui {
  thread = $state.raw<({ room: number; root: number } & At) | null>(null);
  panel = $state<Panel | null>(null);
  dialog = $state.raw<Dialog | null>(null);

  open(dialog: Dialog): void {
    this.dialog = dialog;
  }
  close(): void {
    this.dialog = null;
  }
  openThread(room: number, root: number, at: At = {}): void {
    this.thread = { room, root, ...at };
    this.panel = "thread";
  }
  toggle(panel: Panel): void {
    this.panel = this.panel === panel ? null : panel;
  }
}

export const ui = new Ui();
