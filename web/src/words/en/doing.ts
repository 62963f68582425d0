// What one does with a message: reactions, pins, quotes, copies, several at once. It comes with the code that does it.
export const doing = {
  reactWith: (emoji: string) => `React with ${emoji}`,
  whoReacted: "Who reacted",
  nobody: "Nobody, any more.",
  copyLink: "Copy link",
  copied: "Link copied",
  copyFailed: "The browser did not let us copy",
  delete: "Delete",
  markUnread: "Mark as unread from here",
  deleteSure: "Delete this message?",
  deleteText: "Its words go for everybody and for good. The place where it stood stays.",
  keep: "Keep",
  tools: "Message actions",
};
