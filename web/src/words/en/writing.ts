// How a message is written.
export const writing = {
  bar: "Formatting",
  formats: {
    bold: "Bold",
    italic: "Italic",
    strike: "Strikethrough",
    code: "Code",
    block: "Block of code",
    link: "Link",
    quote: "Quote",
    list: "List",
    numbers: "Numbered list",
    tasks: "List of tasks",
    spoiler: "Spoiler",
  },
};
