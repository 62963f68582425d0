// Me, for every part of the state that must tell mine from others'. The screen reads `app.me`, which is the same.
import type { Me, UserId } from "../wire/types";

class Self {
  me = $state.raw<Me | null>(null);
  get id(): UserId {
    return this.me?.id ?? 0;
  }
}

export const self = new Self();
