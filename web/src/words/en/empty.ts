// A room in which nobody has said anything yet.
export const empty = {
  title: "You are the first one in",
  text: "Say what this room is for, or bring in the people it is for.",
  directTitle: (name: string) => `This is where you and ${name} talk`,
  directText: "Nobody else can read along.",
  notesTitle: "A place for your own notes",
  notesText: "Nobody else can read what you write here.",
  setTopic: "Set a topic",
};
