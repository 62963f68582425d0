// Three small sounds, made here by the browser's own synthesiser: nothing to load, nobody's recording. Warm and short, like
// wood and a small bell: a tone with a softer octave over it, that begins at once and dies away.
//   message  a knock, falling     mention  two notes, rising     sent  one low breath     reaction  one high drop
export type Sound = "message" | "mention" | "sent" | "reaction";

type Note = { at: number; hertz: number; lasts: number; loud: number };

const TUNES: Record<Sound, Note[]> = {
  message: [
    { at: 0, hertz: 587.33, lasts: 0.16, loud: 0.11 },
    { at: 0.07, hertz: 440, lasts: 0.24, loud: 0.09 },
  ],
  mention: [
    { at: 0, hertz: 523.25, lasts: 0.22, loud: 0.13 },
    { at: 0.11, hertz: 659.25, lasts: 0.24, loud: 0.13 },
    { at: 0.22, hertz: 880, lasts: 0.42, loud: 0.12 },
  ],
  sent: [{ at: 0, hertz: 329.63, lasts: 0.12, loud: 0.05 }],
  reaction: [{ at: 0, hertz: 987.77, lasts: 0.14, loud: 0.05 }],
};

let context: AudioContext | undefined;

/** Plays if the browser lets us: before the first click or key on the page it does not, and that is no error. */
export function play(sound: Sound): void {
  try {
    context ??= new AudioContext();
    if (context.state === "suspended") void context.resume();
    const start = context.currentTime + 0.01;
    for (const note of TUNES[sound]) ring(context, note, start);
  } catch {
    // A machine without a sound card.
  }
  dispatchEvent(new CustomEvent("parlour:sound", { detail: sound }));
}

function ring(to: AudioContext, { at, hertz, lasts, loud }: Note, start: number): void {
  const begin = start + at;
  for (const [times, share] of [
    [1, 1],
    [2, 0.28],
  ] as const) {
    const tone = to.createOscillator();
    const gain = to.createGain();
    tone.type = "sine";
    tone.frequency.value = hertz * times;
    gain.gain.setValueAtTime(0, begin);
    gain.gain.linearRampToValueAtTime(loud * share, begin + 0.008);
    gain.gain.exponentialRampToValueAtTime(0.0001, begin + lasts);
    tone.connect(gain).connect(to.destination);
    tone.start(begin);
    tone.stop(begin + lasts + 0.02);
  }
}
