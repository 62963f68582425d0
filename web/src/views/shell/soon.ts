// What comes when the page has nothing else to do: what is opened by a key, where one types on at once, so that its code must be there
// before; and what goes on while nobody looks at it.
import "../../state/again";
import { activity } from "../../state/activity.svelte";
import { following } from "../../state/following.svelte";
import { mark } from "../../state/known.svelte";
import { marks } from "../../state/marks.svelte";
import { quiet } from "../../state/quiet.svelte";
import { showing } from "../files/later.svelte";
import { writing } from "../room/compose/writing.svelte";
import { doing } from "../room/doing.svelte";
import { folding, lining } from "../room/late.svelte";
import { markup } from "../room/markup.svelte";
import { showOpen } from "./inList.svelte";

const typed: (() => Promise<unknown>)[] = [
  () => import("./Dialogs.svelte"),
  () => import("../dialogs/Switcher.svelte"),
  () => import("../dialogs/NewDirect.svelte"),
  () => import("../../parts/Menu.svelte"),
  () => import("../room/RoomMenu.svelte"),
  () => import("../room/Suggestions.svelte"),
  () => import("../room/suggest"),
  () => import("../room/completion.svelte"),
  () => import("../room/compose/Loud.svelte"),
  () => import("../room/Edit.svelte"),
  () => import("../room/Delete.svelte"),
  () => import("../../notify/heard"),
  showing.load,
  markup.load,
  lining.load,
  folding.load,
  writing.load,
  doing.load,
];

export { further } from "./further";

void following.load().catch(() => undefined);
marks.of = mark;
quiet.start();
activity.start();
showOpen();
Promise.all(typed.map((load) => load())).catch(() => undefined);
