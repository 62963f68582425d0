import type { Attachment } from "svelte/attachments";

/** A textarea as tall as its text. `field-sizing: content` does it where it exists; elsewhere it is measured. */
export function growing(text: () => string): Attachment<HTMLTextAreaElement> {
  return (node) => {
    if (CSS.supports("field-sizing", "content")) {
      node.style.setProperty("field-sizing", "content");
      return;
    }
    void text();
    node.style.setProperty("block-size", "auto");
    node.style.setProperty("block-size", `${node.scrollHeight}px`);
  };
}
