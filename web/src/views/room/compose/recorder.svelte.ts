// The microphone: records, tells how loud it is, and hands over a file with its wave form.
import { withDuration } from "../../../lib/webm";
import type { Hints } from "../../../wire/types";
import { sending as w } from "../../../words/en/sending";

export type Stage = "asking" | "recording" | "done" | "wrong";
export type Spoken = { file: File; src: string; hints: Hints };

/** How often it is looked how loud it is. */
const EVERY = 60;
/** What a message holds of it. */
const BARS = 64;
const LOUDEST = 31;
/** Speech: 48 kbit a second is more than it needs. */
const BITS = 48_000;
const TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];

export class Recorder {
  stage = $state<Stage>("asking");
  why = $state("");
  /** How loud it was, 0 to 31, from the beginning. */
  levels = $state.raw<number[]>([]);
  ms = $state(0);
  spoken = $state.raw<Spoken | undefined>();
  /** It reached the limit for files. */
  full = $state(false);
  #stream: MediaStream | undefined;
  #media: MediaRecorder | undefined;
  #context: AudioContext | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #pieces: Blob[] = [];
  #began = 0;
  #over = false;

  constructor(private readonly most: number) {}

  async begin(): Promise<void> {
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia({
        audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
      });
      // Thought better of it while the browser asked.
      if (this.#over) return this.#close();
      this.#listen(this.#stream);
      const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
      this.#media = new MediaRecorder(this.#stream, {
        audioBitsPerSecond: BITS,
        ...(mimeType && { mimeType }),
      });
      this.#media.ondataavailable = ({ data }) => this.#took(data);
      this.#media.onerror = () => this.#fail(w.noRecording);
      this.#media.start(1000);
      this.#began = performance.now();
      this.stage = "recording";
    } catch (error) {
      const name = error instanceof DOMException ? error.name : "";
      if (name === "NotAllowedError" || name === "SecurityError") this.#fail(w.denied);
      else if (name === "NotFoundError" || name === "OverconstrainedError") this.#fail(w.noMicrophone);
      else this.#fail(w.noRecording);
    }
  }

  /** Ends it, and answers what was spoken. */
  async stop(): Promise<Spoken | undefined> {
    const media = this.#media;
    if (this.stage !== "recording" || !media || media.state === "inactive") return this.spoken;
    this.#look();
    await new Promise<void>((resolve) => {
      media.onstop = () => resolve();
      media.stop();
    });
    this.#close();
    const type = (media.mimeType || "audio/webm").split(";")[0]!;
    const duration_ms = Math.round(this.ms);
    const whole = new Blob(this.#pieces, { type });
    const bytes = type === "audio/webm" ? await withDuration(whole, duration_ms) : whole;
    if (this.#over) return undefined;
    const ending = type === "audio/mp4" ? "m4a" : type === "audio/ogg" ? "ogg" : "webm";
    const file = new File([bytes], `voice.${ending}`, { type });
    const hints = { voice: true, duration_ms, waveform: resample(this.levels, BARS) };
    this.spoken = { file, src: URL.createObjectURL(file), hints };
    this.stage = "done";
    return this.spoken;
  }

  /** Lets go of the microphone and of what was recorded. */
  end(): void {
    this.#over = true;
    if (this.#media && this.#media.state !== "inactive") {
      this.#media.ondataavailable = this.#media.onstop = null;
      this.#media.stop();
    }
    this.#close();
    if (this.spoken) URL.revokeObjectURL(this.spoken.src);
  }

  #listen(stream: MediaStream): void {
    this.#context = new AudioContext();
    const ear = this.#context.createAnalyser();
    ear.fftSize = 2048;
    this.#context.createMediaStreamSource(stream).connect(ear);
    const wave = new Float32Array(ear.fftSize);
    this.#timer = setInterval(() => {
      ear.getFloatTimeDomainData(wave);
      this.levels = [...this.levels, loudness(wave)];
      this.#look();
    }, EVERY);
  }

  #look(): void {
    if (this.stage === "recording") this.ms = performance.now() - this.#began;
  }

  #took(data: Blob): void {
    this.#pieces.push(data);
    const size = this.#pieces.reduce((sum, piece) => sum + piece.size, 0);
    // Room for what is still to come of it.
    if (size < this.most - 32 * 1024 || this.stage !== "recording") return;
    this.full = true;
    void this.stop();
  }

  #fail(why: string): void {
    this.#close();
    this.why = why;
    this.stage = "wrong";
  }

  #close(): void {
    clearInterval(this.#timer);
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    void this.#context?.close().catch(() => undefined);
    this.#context = this.#stream = undefined;
  }
}

/** From silence to shouting as an ear takes it: by decibels, -55 to -8. */
function loudness(wave: Float32Array): number {
  let sum = 0;
  for (const value of wave) sum += value * value;
  const decibels = 10 * Math.log10(sum / wave.length + 1e-9);
  return Math.max(0, Math.min(LOUDEST, Math.round(((decibels + 55) / 47) * LOUDEST)));
}

/** So many bars, each as loud as the loudest moment in it. */
export function resample(levels: readonly number[], bars: number): number[] {
  const count = Math.min(bars, levels.length);
  return Array.from({ length: count }, (_, i) => {
    const from = Math.floor((i * levels.length) / count);
    const to = Math.max(from + 1, Math.floor(((i + 1) * levels.length) / count));
    return Math.max(...levels.slice(from, to));
  });
}
