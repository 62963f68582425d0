// The conversation: header, messages, lines, composer.
import { listed, numbers, plural } from "../plural";

export const room = {
  back: "Back to the rooms",
  people: "People",
  files: "Files",
  pins: "Pinned messages",
  thread: "Thread",
  menu: "More about this room",
  notes: "Notes to myself",
  peopleCount: (n: number) => plural(n, { one: "{n} person", other: "{n} people" }),
  log: (name: string) => `Messages in ${name}`,
  loading: "Loading",
  loadFailed: "The messages could not be loaded.",
  tryAgain: "Try again",
  deleted: "Message deleted",
  edited: "edited",
  new: "New",
  sending: "Sending",
  waiting: (n: number) =>
    plural(n, { one: "{n} message waits for the connection", other: "{n} messages wait for the connection" }),
  notSent: (why: string) => (why ? `Not sent: ${why}` : "Not sent"),
  change: "Change",
  remove: "Delete",
  offline: "No connection. Keep writing; it all goes out when you are back.",
  tryNow: "Try now",
  typing: (names: string[]) =>
    names.length > 3
      ? "Several people are typing"
      : names.length === 1
        ? `${names[0]} is typing`
        : `${listed(names)} are typing`,
  dnd: (name: string) => `${name} does not want to be disturbed now`,
  writeTo: (name: string) => `Write to ${name}`,
  replyHere: "Reply in this thread",
  replyShort: "Reply",
  send: "Send",
  emoji: "Emoji",
  attach: "Add files",
  format: "Formatting",
  speak: "Record a voice message",
  newBelow: (n: number) => plural(n, { one: "{n} new message", other: "{n} new messages" }),
  toPresent: "To the newest",
  firstUnread: (n: number) =>
    n > 999 ? "999+ unread" : plural(n, { one: "{n} unread", other: "{n} unread" }),
  edit: "Edit",
  reactions: "Reactions",
  reaction: (emoji: string, n: number, mine: boolean) =>
    `${emoji} ${numbers.format(n)}${mine ? ", you too" : ""}`,
  react: "Add a reaction",
  some,
  save: "Save",
  cancel: "Cancel",
  editHint: "Enter saves, Escape cancels",
  addPeople: "Add people",
  gone: "This room is not there, or it is not for you.",
  somebody: "Somebody",
  you: "You",
  suggestions: "Suggestions",
  callsYou: "Calls you:",
  saysIn: (name: string, room: string) => `${name} in ${room}`,
  tooLong: (over: number) => `Too long by ${numbers.format(over)} bytes`,
};

/** "Ana, Bo, and 3 more" */
export function some(names: string[], more: number): string {
  return more > 0 ? listed([...names, `${numbers.format(more)} more`]) : listed(names);
}
