// What is marked in a text beside the names of people: rooms that I may see, groups, @here, my own words. None of it is part of the first
// screen: known.ts brings it a moment later.
import type { Piece } from "../lib/text";
import type { MessageEntry } from "../wire/types";

class Marks {
  of = $state.raw<(pieces: Piece[], entry?: MessageEntry) => Piece[]>((pieces) => pieces);
}

export const marks = new Marks();
