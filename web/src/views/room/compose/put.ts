// Puts words into the field where one writes, as if they were typed: its own undo takes them back.
import type { Change } from "./format";

export function apply(field: HTMLTextAreaElement, { from, to, put, select }: Change): void {
  field.focus({ preventScroll: true });
  field.setSelectionRange(from, to);
  // An old command, and the only one that the field's undo knows of.
  const done =
    put === ""
      ? from === to || document.execCommand("delete")
      : document.execCommand("insertText", false, put);
  if (!done) {
    field.setRangeText(put, from, to, "end");
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
  field.setSelectionRange(...select);
}
