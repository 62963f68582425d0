// Every word on the screen, English. A section is a part of the screen, in a file of its own under en/; another language
// is another file of this type (`Words`). Sentences with a number or a name in them are functions.
import { errors } from "./en/errors";
import { front } from "./en/front";
import { parts } from "./en/parts";
import { room } from "./en/room";
import { rooms } from "./en/rooms";
import { settings } from "./en/settings";
import { shell } from "./en/shell";
import { time } from "./en/time";

export const words = { errors, front, parts, room, rooms, settings, shell, time };
export type Words = typeof words;
