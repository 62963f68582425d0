// Me, for every part of the state that must tell mine from others'. The screen reads `app.me`, which is the same.
import type { Me, UserId } from "../wire/types";

class Self {
  me = $state.raw<Me | null>(null);
  /** Something concerns me that I have not seen among my activity. */
  news = $state(false);
  get id(): UserId {
    return this.me?.id ?? 0;
  }
}

export const self = new Self();
