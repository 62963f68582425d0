/** What is needed to draw a person; every User of the wire is one. */
export type Face = {
  id?: number;
  name: string;
  colour: string;
  avatar: string;
  picture?: number | undefined;
};
export type PresenceState = "online" | "away" | "dnd" | "offline";
export const COLOURS = ["rose", "clay", "ochre", "olive", "fern", "teal", "blue", "violet"] as const;
