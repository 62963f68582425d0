// Files, pictures, sounds and links in the conversation, and the light box.
import { plural } from "../plural";
import { size } from "../size";

/** 0:07, 12:30, 1:02:03 */
function clock(seconds: number): string {
  const all = Math.max(0, Math.round(seconds));
  const [h, m, s] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  const two = (n: number) => String(n).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

type Told = { type: string; voice?: boolean; duration_ms?: number; name: string };

/** A message that has files and no text, in a few words. */
function summary(files: readonly Told[]): string {
  const [first] = files;
  if (!first) return "";
  const all = (kind: string) => files.every(({ type }) => type.startsWith(kind));
  if (all("image/")) return files.length === 1 ? "Picture" : plural(files.length, { other: "{n} pictures" });
  if (files.length > 1) return plural(files.length, { other: "{n} files" });
  if (first.voice) {
    return first.duration_ms ? `Voice message (${clock(first.duration_ms / 1000)})` : "Voice message";
  }
  if (all("video/")) return "Video";
  return first.name;
}

export const showing = {
  size,
  clock,
  summary,
  you: "you",
  pictureFrom: (who: string, name: string) => `Picture from ${who}: ${name}`,
  videoFrom: (who: string, name: string) => `Video from ${who}: ${name}`,
  soundFrom: (who: string, name: string) => `Sound from ${who}: ${name}`,
  voiceFrom: (who: string) => `Voice message from ${who}`,
  gallery: (n: number) => plural(n, { one: "{n} picture", other: "{n} pictures" }),
  more: (n: number) => `+${n}`,
  moreOf: (n: number) => plural(n, { one: "{n} more picture", other: "{n} more pictures" }),
  spoiler: "Spoiler",
  reveal: (what: string) => `Spoiler: show ${what}`,
  thePicture: "the picture",
  theVideo: "the video",
  theFile: "the file",
  gif: "GIF",
  playPicture: "Play the GIF",
  stopPicture: "Stop the GIF",
  lost: "Could not be loaded",
  again: "Try again",
  play: "Play",
  pause: "Pause",
  seek: "Position",
  at: (now: string, all: string) => `${now} of ${all}`,
  speed: (rate: string) => `Speed ${rate}`,
  cannotPlay: "This browser cannot play it. Download it instead.",
  download: "Download",
  downloadName: (name: string) => `Download ${name}`,
  preview: "Preview",
  hidePreview: "Hide preview",
  hidePreviewOf: (name: string) => `Hide preview of ${name}`,
  previewOf: (name: string) => `Preview of ${name}`,
  open: "Open",
  start: (size: string) => `The first ${size}. Download it to see the rest.`,
  rows: (n: number) => plural(n, { other: "The first {n} rows. Download it to see the rest." }),
  empty: "There is nothing in it.",
  loading: "Loading …",
  previewFailed: "The preview did not load.",
  page: (n: number, all: number) => `Page ${n} of ${all}`,
  morePages: (n: number) => plural(n, { one: "{n} more page", other: "{n} more pages" }),
  locked: "This PDF asks for a password. Download it to open it.",
  kinds: {
    picture: "Picture",
    film: "Video",
    sound: "Sound",
    voice: "Voice message",
    pdf: "PDF",
    table: "Table",
    markdown: "Markdown",
    text: "Text",
    other: "File",
  },
  linkTo: (site: string) => `Link to ${site}`,
  closePreview: (site: string) => `Take away the preview of ${site}`,
  closePreviewTip: "Take away for everybody",
  quoteIn: (room: string) => `in ${room}`,
  quoteErased: "Message deleted",
  quote: (who: string) => `Message from ${who}`,
  answeredLost: "This message is not there",
  answeredErased: "This message was deleted",
  forwardedFrom: (who: string) => `Forwarded from ${who}`,
  light: {
    title: (name: string) => `Picture: ${name}`,
    close: "Close",
    before: "Previous picture",
    after: "Next picture",
    count: (n: number, all: number) => `${n} of ${all}`,
    in: "Zoom in",
    out: "Zoom out",
    fit: "Fit to the window",
    copyLink: "Copy link to the message",
    jump: "Go to the message",
    gone: "This picture is no longer there.",
    keys: "Arrow keys go on, + and − zoom, 0 fits, Escape closes.",
  },
};
