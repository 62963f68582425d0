import { listed, plural } from "../plural";

/** What concerns me in all rooms. */
export const activity = {
  title: "Activity",
  filter: "Show",
  filters: { all: "All", mentions: "Mentions", reactions: "Reactions", threads: "Threads", words: "Words" },
  mention: (who: string) => `${who} named you`,
  mentionAll: (who: string) => `${who} called everyone`,
  keyword: (who: string) => `${who} used a word of yours`,
  reply: (who: string) => `${who} replied in a thread`,
  /** "Ana, Bo and 3 others reacted 👍 ❤️" */
  reaction: (names: string[], more: number, emoji: string) => `${some(names, more)} reacted ${emoji}`,
  in: (room: string) => `in ${room}`,
  none: {
    all: "Nothing yet",
    mentions: "Nobody has named you yet",
    reactions: "No reactions yet",
    threads: "No replies yet",
    words: "None of your words was said yet",
  },
  noneText: {
    all: "Who names you, reacts to what you wrote or replies in a thread of yours is found here.",
    mentions: "A message with your name in it comes here, from every room.",
    reactions: "When somebody puts an emoji to what you wrote, you see it here.",
    threads: "Replies in threads that you follow come here.",
    words: "You can name words that call you like your name does.",
  },
  toWords: "Your words",
  failed: "Your activity did not load.",
  more: "The rest did not load.",
  new: "new",
  files: "Files",
  gone: "Message deleted",
};

function some(names: string[], more: number): string {
  if (more === 0) return names.length === 2 ? `${names[0]} and ${names[1]}` : listed(names);
  return `${names.join(", ")} and ${plural(more, { one: "{n} other", other: "{n} others" })}`;
}
