import type { IconName } from "./icons.gen";

/** A row of a menu, or the line between two groups of them. */
export type MenuItem =
  | {
      label: string;
      icon?: IconName;
      danger?: boolean;
      checked?: boolean;
      hint?: string;
      /** A key that does the same elsewhere. */
      keys?: string | undefined;
      act: () => void;
    }
  | "line";
