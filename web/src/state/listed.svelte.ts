// A list of the community's, that is fetched when it is first wanted and kept up from then on.
//   class Groups extends Listed<Group>   `super(() => …)`: how it is asked for
//   .list, .load() (throws)              what there is; once it is there
//   .changed()                           it is another one, or may be: the line told, or was gone for a while
import { type ApiError, passes } from "../wire/api";

/** When a list could not be had that is shown already, it is asked for again. */
const AGAIN = 3000;

export class Listed<T> {
  list = $state.raw<T[]>([]);
  #wanted = false;
  protected asked: Promise<void> | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly ask: () => Promise<T[]>) {}

  load(): Promise<void> {
    this.#wanted = true;
    if (this.asked) return this.asked;
    const asked: Promise<void> = this.ask().then(
      (list) => {
        // It changed meanwhile, and was asked for again: this is old.
        if (asked !== this.asked) return this.asked;
        this.list = list;
      },
      (error) => {
        if (asked === this.asked) this.asked = undefined;
        throw error;
      },
    );
    this.asked = asked;
    return asked;
  }

  changed(): void {
    if (!this.#wanted) return;
    this.asked = undefined;
    clearTimeout(this.#again);
    this.load().catch(({ code }: ApiError) => {
      if (passes(code)) this.#again = setTimeout(() => this.asked ?? this.changed(), AGAIN);
    });
  }
}
