// How a picture lies in the light box: how large, and moved whereto. Wheel, fingers and keys change it; it never leaves the
// window empty.

export type Point = { x: number; y: number };

const MOST = 12;
/** Steps of the keys and buttons. */
const STEP = 1.5;

export class Zoom {
  /** 1: fits the window. */
  scale = $state(1);
  x = $state(0);
  y = $state(0);
  /** Set by the view: the room there is, and the size of the picture at scale 1. */
  room = { width: 0, height: 0 };
  size = { width: 0, height: 0 };

  zoomed = $derived(this.scale > 1.001);

  fit(): void {
    this.scale = 1;
    this.x = this.y = 0;
  }

  /** `at` stays where it is under the finger; without it, the middle of the window. */
  by(factor: number, at: Point = { x: 0, y: 0 }): void {
    const scale = Math.min(MOST, Math.max(1, this.scale * factor));
    const change = scale / this.scale;
    this.x = at.x - (at.x - this.x) * change;
    this.y = at.y - (at.y - this.y) * change;
    this.scale = scale;
    this.#keep();
  }
  in(at?: Point): void {
    this.by(STEP, at);
  }
  out(at?: Point): void {
    this.by(1 / STEP, at);
  }
  /** Double click: close up, and back. */
  toggle(at: Point, close: number): void {
    if (this.zoomed) this.fit();
    else this.by(Math.max(2, close), at);
  }

  move(by: Point): void {
    this.x += by.x;
    this.y += by.y;
    this.#keep();
  }

  #keep(): void {
    const free = (size: number, room: number) => Math.max(0, (size * this.scale - room) / 2);
    const [x, y] = [free(this.size.width, this.room.width), free(this.size.height, this.room.height)];
    this.x = Math.min(x, Math.max(-x, this.x));
    this.y = Math.min(y, Math.max(-y, this.y));
  }
}
