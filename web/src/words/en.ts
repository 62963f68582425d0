// Every word on the screen, English. A section is a part of the screen, in a file of its own under en/; another language
// is another file of this type (`Words`). Sentences with a number or a name in them are functions.
// What only the doorway, the settings or the dialogs say (en/front, en/settings, en/rooms, en/details) they import themselves: nobody else carries it.
import { errors } from "./en/errors";
import { parts } from "./en/parts";
import { room } from "./en/room";
import { shell } from "./en/shell";
import { time } from "./en/time";

export const words = { errors, parts, room, shell, time };
export type Words = typeof words;
