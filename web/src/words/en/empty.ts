// Where nothing is: a room in which nobody has said anything yet, a page without a room.
export const empty = {
  title: "You are the first one in",
  text: "Say what this room is for, or bring in the people it is for.",
  directTitle: (name: string) => `This is where you and ${name} talk`,
  directText: "Nobody else can read along.",
  notesTitle: "A place for your own notes",
  notesText: "Nobody else can read what you write here.",
  setTopic: "Set a topic",
  noRooms: "No rooms yet",
  noRoomsText: "Make one, or look which doors are open.",
  pick: "Pick a door",
  pickText: "Your rooms are on the list. The ones with a light on have something new.",
  gone: "There is no such room",
  goneText: "It may be private, or never was. If someone sent you here, ask to be let in.",
  goneAct: "To your rooms",
};
