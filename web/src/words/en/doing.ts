// What one does with a message: reactions, pins, quotes, copies, several at once. It comes with the code that does it.
import { listed, numbers, plural } from "../plural";
import { copyFailed } from "./markup";

const messages = (n: number) => plural(n, { one: "{n} message", other: "{n} messages" });

export const doing = {
  tools: "Message actions",
  copyLink: "Copy link",
  copied: "Link copied",
  copyFailed,
  markUnread: "Mark as unread from here",
  reactWith: (emoji: string) => `React with ${emoji}`,
  whoReacted: "Who reacted",
  nobody: "Nobody, any more.",

  pin: "Pin for everybody",
  unpin: "Unpin",
  pinned: "Pinned",
  noPins: "Nothing is pinned",
  noPinsText: "What everybody in this room comes back to can be kept at hand here: a message's menu, or P.",
  toMessage: (who: string) => `To the message from ${who}`,

  save: "Save for me",
  unsave: "Not saved any more",
  saved: "Saved for me",
  savedTitle: "Saved",
  todo: "To do",
  done: "Done",
  isDone: "Done with it",
  notDone: "Back to what is to do",
  removeSaved: "Take away",
  noSaved: "Nothing put aside",
  noSavedText: "What you want to come back to is kept here, for you alone: a message's menu, or S.",
  noDone: "Nothing done yet",
  noDoneText: "What you are done with moves here.",
  lost: "This message is gone, or not for you any more.",

  history: "Edit history",
  now: "Now",
  first: "As it was sent",
  noHistory: "Its earlier words are not kept.",

  delete: "Delete",
  deleteSure: "Delete this message?",
  deleteText: "Its words go for everybody and for good. The place where it stood stays.",
  deleteMany: (n: number) => `Delete ${messages(n)}?`,
  deleteManyText: "The words go for everybody and for good, also those of other people.",
  keep: "Keep",
  deleted: (n: number) => (n === 1 ? "Deleted" : `${messages(n)} deleted`),
  undo: "Undo",
  undoLabel: (n: number) => (n === 1 ? "Undo the deletion" : `Undo the deletion of ${messages(n)}`),

  quote: "Quote",
  answers: "This answers:",
  noQuote: "Do not quote",

  forward: "Forward",
  forwardTitle: (n: number) => (n === 1 ? "Forward this message" : `Forward ${messages(n)}`),
  forwardTo: "To",
  forwardFind: "Rooms and people",
  forwardComment: "Say something first",
  forwardAct: (n: number) => (n > 1 ? `Forward to ${numbers.format(n)}` : "Forward"),
  forwarded: (to: string[]) => `Forwarded to ${listed(to)}`,
  forwardFull: (most: number) => `At most ${most} at once`,
  forwardPart: (to: string[], why: string) => `Not sent to ${listed(to)}: ${why}`,
  noGoal: (query: string) => `No room of yours and nobody here is called “${query}”.`,

  select: "Select",
  selecting: "Selected messages",
  selectOne: (who: string, at: string) => `Select the message from ${who}, ${at}`,
  chosen: (n: number) => plural(n, { other: "{n} selected" }),
  copyText: "Copy as text",
  textCopied: (n: number) => `${messages(n)} copied`,
  saveThem: "Save for me",
  savedThem: (n: number) => `${messages(n)} saved`,
  endSelecting: "Stop selecting",
};
