// Files and voice messages on their way: tray, progress, drop target, recorder. Only what shows them carries these words.
import { numbers, plural } from "../plural";
import { size } from "../size";

/** "100 MB": limits are set by 1,024. */
const limit = (bytes: number) =>
  bytes < 1 << 20 ? size(bytes) : `${numbers.format(Math.floor(bytes / (1 << 20)))} MB`;

/** "1:05" */
function clock(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export const sending = {
  size,
  // The tray.
  tray: "Files for this message",
  trayHint: "Arrow keys go from one to the next, with Alt they move it, Delete takes it away",
  attach: "Add files",
  photo: "Photo or film",
  camera: "Take a photo",
  file: "File",
  options: (name: string) => `Options for ${name}`,
  take: (name: string) => `Remove ${name}`,
  describe: "Describe",
  describeAgain: "Change the description",
  described: "Described",
  spoiler: "Hide until it is asked for",
  noSpoiler: "Show at once",
  hidden: "Hidden until asked for",
  earlier: "Move earlier",
  later: "Move later",
  moved: (name: string, at: number, of: number) => `${name} is now ${at} of ${of}`,
  pause: "Pause",
  resume: "Go on",
  remove: "Remove",
  removeFile: "Remove file",
  again: "Try again",
  pauseOf: (name: string) => `Pause ${name}`,
  resumeOf: (name: string) => `Go on with ${name}`,
  cancelOf: (name: string) => `Cancel ${name}`,
  againOf: (name: string) => `Try again with ${name}`,
  progressOf: (name: string) => `${name} on its way`,
  // How far.
  percent: (of: number) => `${Math.floor(of * 100)} %`,
  waiting: "Waits its turn",
  offline: "Waits for the connection",
  paused: (of: number) => `Paused at ${Math.floor(of * 100)} %`,
  checking: "Nearly there",
  done: "Ready",
  // What is wrong with it.
  tooLarge: (name: string, bytes: number, most: number) =>
    `${name} is ${size(bytes)}. Files can be ${limit(most)}.`,
  tooMany: (left: number, most: number) =>
    plural(left, {
      one: `{n} file was left out. A message can hold ${numbers.format(most)}.`,
      other: `{n} files were left out. A message can hold ${numbers.format(most)}.`,
    }),
  folder: "Folders cannot be sent. Pack them into one file first.",
  gone: "The file is no longer where it was. Remove it and add it again.",
  failed: "It could not be sent.",
  fileFailed: (name: string, why: string) => `${name}: ${why}`,
  dismiss: "Dismiss",
  // In words, for who cannot see it.
  describeTitle: "Describe it",
  describeLabel: "What does it show?",
  describeHint: "For those who cannot see it. A sentence is enough.",
  save: "Save",
  cancel: "Cancel",
  // The drop target.
  drop: (room: string) => `Drop it into ${room}`,
  dropHint: "It goes with your next message. Nothing is sent yet.",
  // A long paste.
  longPaste: "That is a long text.",
  sendAsFile: "Send as file",
  asText: "Leave it as text",
  // A voice message.
  voice: "Voice message",
  recording: "Recording",
  asking: "Your browser asks whether the microphone may be used",
  stop: "Stop",
  discard: "Discard",
  sendVoice: "Send voice message",
  play: "Play",
  pausePlay: "Pause playing",
  position: "Position",
  clock,
  at: (ms: number, of: number) => `${clock(ms)} of ${clock(of)}`,
  longest: "That is as long as a voice message can be.",
  denied: "The microphone may not be used here. Allow it in your browser’s settings for this page.",
  noMicrophone: "No microphone was found.",
  noRecording: "The microphone did not work. Try again.",
};
