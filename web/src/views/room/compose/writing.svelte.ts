// What helps one to write: formats by keys and by the bar, the next item of a list, rich text that is pasted. It comes when
// the page is at rest; until then the field is a plain one.
class Writing {
  /** There once it has come. */
  kit = $state.raw<typeof import("./write") | undefined>();
  /** Whether the bar is open, in this browser. */
  bar = $state(kept());
  #asked: Promise<unknown> | undefined;

  load = (): Promise<unknown> => {
    this.#asked ??= import("./write").then(
      (kit) => {
        this.kit = kit;
      },
      (error) => {
        this.#asked = undefined;
        throw error;
      },
    );
    return this.#asked;
  };

  toggle = (): void => {
    this.bar = !this.bar;
    try {
      localStorage.setItem(KEY, this.bar ? "1" : "");
    } catch {
      // A forbidden store forgets.
    }
  };
}

const KEY = "parlour:format-bar";
function kept(): boolean {
  try {
    return localStorage.getItem(KEY) === "1";
  } catch {
    return false;
  }
}

export const writing = new Writing();
