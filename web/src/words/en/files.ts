import { size } from "../size";

/** The files that were sent, own emoji, and pictures that are cut to fit. They come with those screens. */
const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const dayAndYear = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium" });
const month = new Intl.DateTimeFormat("en-GB", { month: "long" });
const monthAndYear = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric" });

/** The year is said where it is another one. */
const dates = (at: Date, now = new Date()) => (at.getFullYear() === now.getFullYear() ? day : dayAndYear);
const dated = (at: Date, now?: Date) => dates(at, now).format(at);

export const files = {
  title: "Files",
  find: "Find by name",
  kind: "Kind",
  kinds: { all: "All", media: "Pictures", audio: "Sound", document: "Documents", other: "Other" },
  anybody: "Anybody",
  by: "Who sent it",
  byPlaceholder: "Type a name",
  anyTime: "Any time",
  time: "When it was sent",
  from: "From",
  to: "To",
  since: { today: "Today", week: "7 days", month: "30 days", year: "A year" },
  after: (from: Date) => `Since ${dated(from)}`,
  before: (to: Date) => `Until ${dated(to)}`,
  between: (from: Date, to: Date) => dates(from).formatRange(from, to),
  clear: (what: string) => `Take away: ${what}`,
  list: "Files, newest first",
  none: "No files yet",
  noneRoom: "Pictures, papers and sounds that are sent in this room are kept here.",
  noneAll: "Pictures, papers and sounds that are sent in your rooms are kept here.",
  nothing: "Nothing fits",
  nothingText: "No file here is of that name, kind, person and time at once.",
  everything: "Show everything",
  more: "The rest did not load.",
  voice: (length: string) => `Voice message, ${length}`,
  download: (name: string) => `Download ${name}`,
  hidden: "Hidden until you ask to see it",
  moves: "Moves",
  film: "Film",
  sent: (name: string, who: string, when: string) => `${name}, ${who}, ${when}`,
  size,
  /** 0:07, 12:30, 1:02:00 */
  length: (ms: number) => {
    const all = Math.round(ms / 1000);
    const parts = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
    const shown = parts[0] ? parts : parts.slice(1);
    return shown.map((part, i) => (i ? String(part).padStart(2, "0") : String(part))).join(":");
  },
  /** 9:41 today, 12 Jun, 12 Jun 2025 */
  when: (at: Date, now = new Date()) =>
    at.toDateString() === now.toDateString() ? clock.format(at) : dated(at, now),
  /** June, June 2025 */
  month: (at: Date, now = new Date()) =>
    (at.getFullYear() === now.getFullYear() ? month : monthAndYear).format(at),
};

/** Cutting a picture to the piece of it that is shown. */
export const crop = {
  face: "Your picture",
  emoji: "Cut it to fit",
  stage: "The picture. Arrow keys move it, plus and minus make it larger and smaller.",
  hint: "Drag it to where it should be.",
  zoom: "Size",
  in: "Larger",
  out: "Smaller",
  act: "Use it",
  unreadable: "This picture cannot be read. Try another one, such as a JPEG or PNG.",
};

/** One's own picture, in the settings. */
export const picture = {
  title: "Picture",
  choose: "Choose a picture",
  another: "Choose another",
  remove: "Take it away",
  hint: "Or drop one here.",
  wrongKind: "That is not a picture.",
};

/** The community's own emoji, in the settings. */
export const ownEmoji = {
  lead: "Everybody here can use them: write their name between colons, or pick them from the list.",
  keepers: "Whoever keeps the keys of the community adds and removes them.",
  add: "Add an emoji",
  choose: "Choose a picture",
  another: "Another picture",
  chooseHint: "Square looks best. GIFs keep moving.",
  name: "Name",
  nameHint: "2 to 32 of a–z, 0–9, dash and underscore",
  act: "Add it",
  looks: "This is how it looks",
  looksText: ["We meet at the ", " at noon."],
  missing: "Give it a name.",
  misfit: "2 to 32 of a–z, 0–9, dash and underscore, please.",
  taken: (name: string) => `There is a :${name}: already.`,
  standard: (name: string, char: string) => `:${name}: is the name of ${char} already.`,
  tooLarge: (most: string) => `A moving picture can be ${most} at most.`,
  none: "None yet",
  noneText: "A picture of the shed, the cat, the old press: whatever you keep talking about.",
  failed: "The emoji did not load.",
  by: (who: string, when: string) => `${who}, ${when}`,
  remove: (name: string) => `Remove :${name}:`,
  removeAsk: (name: string) => `Remove :${name}:?`,
  removeText: "Where it was written, its name stands from now on.",
  removeAct: "Remove",
  owners: "Everybody may add some, and take back their own.",
  alias: (name: string) => `One more name for :${name}:`,
  aliasAct: "Add the name",
  aliases: "also",
  removeAlias: (name: string) => `Remove the name :${name}:`,
  removeAliases: "Its other names go with it.",
};
