import { plural } from "../plural";

/** The three columns and what stands in the sidebar. */
export const shell = {
  toRooms: "To the list of rooms",
  toRoom: "To the conversation",
  /** By their addresses. */
  pages: { activity: "Activity", threads: "Threads", files: "Files", saved: "Saved", settings: "Settings" },
  rooms: "Rooms",
  unread: "Unread",
  direct: "Direct",
  threadsUnread: (n: number) => plural(n, { one: "{n} unread thread", other: "{n} unread threads" }),
  toUnread: (where: string) => `Go to the first unread: ${where}`,
  toMention: (where: string) => `Go to the first mention: ${where}`,
  markAll: "Mark all as read",
  list: "Rooms and people",
  find: "Find or jump to",
  findKeys: { mac: "⌘ K", other: "Ctrl K" },
  compose: "New message",
  add: "Make or find a room",
  newRoom: "New room",
  browse: "Browse rooms",
  newDirect: "New message to people",
  community: "Community",
  invites: "Invite links",
  counts: (unread: number, mentions: number) => {
    const parts = [];
    if (mentions > 0) parts.push(plural(mentions, { one: "{n} mention", other: "{n} mentions" }));
    if (unread > 0) parts.push(plural(unread, { one: "{n} unread", other: "{n} unread" }));
    return parts.join(", ");
  },
  privateRoom: "private",
  archivedRoom: "archived",
  mutedRoom: "muted",
  news: "something new",
  notes: (name: string) => `${name} (you)`,
  quiet: "Do not disturb",
  archived: "Archived",
  dismiss: "Take away",
  said: "Short messages",
  noStatus: "Set a status",
  loading: "Loading …",
  boot: {
    waiting: "Knocking …",
    title: "Nobody answers the door",
    text: "The server cannot be reached. It is tried again by itself.",
    act: "Knock again",
  },
};
