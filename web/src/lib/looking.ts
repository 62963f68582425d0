/** Whether somebody sits before this page: it is in front, and the keys go to it. */
export const looking = (): boolean => document.visibilityState === "visible" && document.hasFocus();
