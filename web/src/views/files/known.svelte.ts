// What the pieces that show files share: whose a file is, which spoilers were looked at, and that one thing plays at a time.

import type { Attachment } from "svelte/attachments";
import { SvelteMap } from "svelte/reactivity";
import { paintThumb } from "../../lib/thumbhash";
import { people } from "../../state/people.svelte";
import { self } from "../../state/self.svelte";
import type { FileId, UserId } from "../../wire/types";
import { showing } from "../../words/en/showing";

export const whose = (author: UserId): string => (author === self.id ? showing.you : people.name(author));

/** Spoilers that were looked at, until the page is loaded anew. */
export const revealed = new SvelteMap<FileId, true>();

/** Draws the picture of 30 bytes. */
export function thumb(hash: string | undefined): Attachment<HTMLCanvasElement> {
  return (canvas) => {
    if (hash) paintThumb(canvas, hash);
  };
}

let playing: HTMLMediaElement | undefined;

/** Whatever else plays stops when this begins. */
export function onlyOne(media: HTMLMediaElement): () => void {
  const begin = () => {
    if (playing !== media) playing?.pause();
    playing = media;
  };
  media.addEventListener("play", begin);
  return () => {
    media.removeEventListener("play", begin);
    if (playing === media) playing = undefined;
  };
}
