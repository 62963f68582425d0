/** What the emoji picker says; it comes with it. */
export const emoji = {
  title: "Emoji",
  search: "Find an emoji",
  ours: "Ours",
  recent: "Recent",
  tone: "Skin tone",
  tones: ["No tone", "Light", "Medium light", "Medium", "Medium dark", "Dark"],
  failed: "The emoji did not load.",
  groups: {
    smileys: "Faces",
    people: "People",
    nature: "Animals and plants",
    food: "Food and drink",
    travel: "Places and travel",
    activities: "Doing things",
    objects: "Objects",
    symbols: "Signs",
    flags: "Flags",
  },
};
