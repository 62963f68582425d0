// Below a room in which one cannot write.
export const closed = {
  archived: "This room is archived. It can be read, and nobody can write.",
  notMember: "You are looking in from the doorway.",
  join: "Join this room",
};
