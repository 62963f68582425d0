// The place in the scroll, kept by ourselves: not every browser anchors, and none does so while rows come and go at both
// ends. Before the rows change, the first message on the screen and its distance from the top are noted; afterwards the same
// one is put back there. At the end of the talk, it is the end that is kept.

/** So near to the end counts as being there. */
const NEAR = 24;
/** How much of the next page must be in hand, in screens. */
const AHEAD = 2.5;

type Place = { key: string; top: number };
export type Marks = { key: string; seq: number | undefined }[];

export class Scroller {
  stuck = true;
  #place: Place | null = null;
  /** What we set ourselves is no reading of a person. */
  #set = -1;

  constructor(
    readonly box: HTMLElement,
    readonly list: HTMLElement,
    /** Whether the last row is the end of the talk: that of a part of it is a place as any other. */
    private readonly whole: () => boolean,
  ) {}

  get fromEnd(): number {
    return this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight;
  }
  get wantsOlder(): boolean {
    return this.box.scrollTop < this.box.clientHeight * AHEAD;
  }
  get wantsNewer(): boolean {
    return this.fromEnd < this.box.clientHeight * AHEAD;
  }

  /** A person scrolled (or we did): where are we now? */
  moved(): void {
    if (Math.abs(this.box.scrollTop - this.#set) > 1) this.stuck = this.#atEnd;
    this.#set = -1;
    this.note();
  }

  /** The part turned out to reach the end. */
  ended(): void {
    this.stuck ||= this.#atEnd;
  }

  /** Notes the place, before anything changes. */
  note(): void {
    // Lines between messages are made anew as older ones come: the first of a day stays the first.
    let row = this.#firstSeen();
    while (row?.nextElementSibling && row.classList.contains("between"))
      row = row.nextElementSibling as HTMLElement;
    this.#place = row ? { key: row.dataset.key ?? "", top: this.#topOf(row) } : null;
  }

  /** Puts the place back, after something changed. */
  keep(): void {
    if (this.stuck) return this.toEnd();
    const place = this.#place;
    const row = place && this.#row(place.key);
    if (!row) return;
    const off = this.#topOf(row) - place.top;
    if (Math.abs(off) >= 1) this.#scrollTo(this.box.scrollTop + off);
  }

  /** What stands on the screen stays there, at the end too. */
  hold(): void {
    this.stuck = false;
    this.note();
  }

  toEnd(): void {
    this.stuck = true;
    this.#scrollTo(this.box.scrollHeight);
  }

  /** Brings a row to a part of the height: 0 at the top, 0.5 in the middle. */
  toRow(row: HTMLElement, part: number): void {
    const room = Math.max(0, this.box.clientHeight - row.offsetHeight);
    this.#scrollTo(this.box.scrollTop + this.#topOf(row) - room * part);
    this.stuck = this.#atEnd;
    this.note();
  }

  toPlace(row: HTMLElement, top: number): void {
    this.#scrollTo(this.box.scrollTop + this.#topOf(row) - top);
    this.stuck = this.#atEnd;
    this.note();
  }

  /** Where the eye is, for coming back to this room. */
  place(): { seq: number; offset: number } | null {
    if (this.stuck) return null;
    let row = this.#firstSeen();
    while (row && row.dataset.seq === undefined) row = row.nextElementSibling as HTMLElement | null;
    return row ? { seq: Number(row.dataset.seq), offset: this.#topOf(row) } : null;
  }

  /** The newest row whose end is on the screen. */
  lastSeen(): number | undefined {
    const bottom = this.box.getBoundingClientRect().bottom + 1;
    for (
      let row = this.list.lastElementChild as HTMLElement | null;
      row;
      row = row.previousElementSibling as HTMLElement | null
    ) {
      if (row.dataset.seq !== undefined && row.getBoundingClientRect().bottom <= bottom)
        return Number(row.dataset.seq);
    }
    return undefined;
  }

  get #atEnd(): boolean {
    return this.whole() && this.fromEnd <= NEAR;
  }

  #scrollTo(top: number): void {
    this.box.scrollTop = top;
    this.#set = this.box.scrollTop;
  }

  #topOf(row: HTMLElement): number {
    return row.getBoundingClientRect().top - this.box.getBoundingClientRect().top;
  }

  #row(key: string): HTMLElement | null {
    return this.list.querySelector<HTMLElement>(`:scope > [data-key="${CSS.escape(key)}"]`);
  }

  /** By halves: reading every row's place on each scroll would cost a layout of them all. */
  #firstSeen(): HTMLElement | null {
    const rows = this.list.children as HTMLCollectionOf<HTMLElement>;
    const top = this.box.getBoundingClientRect().top;
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rows[middle]!.getBoundingClientRect().bottom <= top) low = middle + 1;
      else high = middle;
    }
    return rows[low] ?? null;
  }
}
