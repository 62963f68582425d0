// A room in which one cannot write: it is archived, or one is not in it.
export const closed = {
  archived: "This room is archived. It can be read, and nobody can write.",
  archivedRoom: "This room is archived. Nobody can join it any more.",
  notMember: "You are looking in from the doorway",
  inside: (people: string) => `${people} inside`,
  join: "Join this room",
};
