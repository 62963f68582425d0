// What one does with a message is no part of the first screen: it comes when the page is idle, and at the latest with the
// first pointer or focus on a message.
let kit = $state.raw<typeof import("./doing") | undefined>();
let asked: Promise<void> | undefined;

export const doing = {
  get kit() {
    return kit;
  },
  load(): Promise<void> {
    asked ??= import("./doing").then(
      (code) => {
        kit = code;
      },
      () => {
        // The next pointer asks again.
        asked = undefined;
      },
    );
    return asked;
  },
};
