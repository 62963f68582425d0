import { reason } from "../../state/notices.svelte";
import { ApiError } from "../../wire/api";

/** What a dialog's form is doing, and what was wrong with it: beside its field where the server names one, else `form`. */
export class FormState {
  busy = $state(false);
  wrong = $state.raw<Record<string, string>>({});
  constructor(private readonly fields: readonly string[] = []) {}

  /** Answers whether it went through. A second press while it runs does nothing. */
  async run(act: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.wrong = {};
    try {
      await act();
      return true;
    } catch (error) {
      const field = error instanceof ApiError ? error.field : undefined;
      this.wrong = { [field && this.fields.includes(field) ? field : "form"]: reason(error) };
      return false;
    } finally {
      this.busy = false;
    }
  }
}
