// A sound that plays: where it is, how long it is, how fast. One <audio> behind it, which is fetched when it is first wanted.
import { onlyOne } from "./known.svelte";

const RATES = [1, 1.5, 2] as const;
const KEY = "parlour:speed";

/** How fast voices speak, the same for all of them, remembered in this browser. */
class Speed {
  rate = $state(read());
  next(): void {
    this.rate = RATES[(RATES.indexOf(this.rate as 1) + 1) % RATES.length]!;
    try {
      localStorage.setItem(KEY, String(this.rate));
    } catch {
      // It is forgotten with the page.
    }
  }
}
function read(): number {
  try {
    const kept = Number(localStorage.getItem(KEY));
    return RATES.find((rate) => rate === kept) ?? 1;
  } catch {
    return 1;
  }
}
export const speed = new Speed();

export class Player {
  playing = $state(false);
  now = $state(0);
  /** In seconds; 0 while nobody knows. */
  length = $state(0);
  failed = $state(false);
  #audio: HTMLAudioElement | undefined;
  #frame = 0;

  constructor(length: number) {
    this.length = length;
  }

  attach = (audio: HTMLAudioElement) => {
    this.#audio = audio;
    const free = onlyOne(audio);
    const on: [string, () => void][] = [
      ["play", () => this.#run()],
      ["pause", () => this.#stop()],
      ["ended", () => this.#ended()],
      ["durationchange", () => this.#measure(audio.duration)],
      ["seeked", () => this.#look()],
      ["timeupdate", () => this.#look()],
      ["error", () => this.#fail()],
    ];
    for (const [name, act] of on) audio.addEventListener(name, act);
    return () => {
      audio.pause();
      for (const [name, act] of on) audio.removeEventListener(name, act);
      cancelAnimationFrame(this.#frame);
      free();
    };
  };

  toggle(rate = 1): void {
    const audio = this.#audio;
    if (!audio) return;
    if (!audio.paused) return audio.pause();
    audio.playbackRate = rate;
    audio.play().catch((error) => {
      // Pausing before it began is nobody's failure.
      if (!(error instanceof DOMException && error.name === "AbortError")) this.#fail();
    });
  }

  seek(to: number): void {
    const audio = this.#audio;
    if (!audio || this.length === 0) return;
    this.now = Math.min(this.length, Math.max(0, to));
    // Before anything is loaded this says where it will begin.
    audio.currentTime = this.now;
  }

  rate(rate: number): void {
    if (this.#audio) this.#audio.playbackRate = rate;
  }

  #run(): void {
    this.playing = true;
    const step = () => {
      this.#look();
      this.#frame = requestAnimationFrame(step);
    };
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(step);
  }
  #stop(): void {
    this.playing = false;
    cancelAnimationFrame(this.#frame);
  }
  #ended(): void {
    this.#stop();
    this.now = 0;
    if (this.#audio) this.#audio.currentTime = 0;
  }
  /** Recordings of browsers say "infinite" until they were read to the end: then what the message says holds. */
  #measure(seconds: number): void {
    if (Number.isFinite(seconds) && seconds > 0) this.length = seconds;
  }
  #look(): void {
    const audio = this.#audio;
    if (audio && audio.readyState > 0)
      this.now = Math.min(audio.currentTime, this.length || audio.currentTime);
  }
  #fail(): void {
    this.failed = true;
    this.#stop();
  }
}
