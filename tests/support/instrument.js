/**
 * Runs in the page before its own code: notes what the page asks of the speakers and of the desktop, so that a
 * test can say what a person would have heard and seen.
 */
export function instrument() {
  const heard = { sounds: [], notifications: [], badges: [] };
  globalThis.__heard = heard;

  // Whichever way a sound is started, it ends in one of these.
  const note = (what) => heard.sounds.push({ what, at: performance.now() });
  for (const [Node, what] of [
    [globalThis.OscillatorNode, "oscillator"],
    [globalThis.AudioBufferSourceNode, "buffer"],
  ]) {
    const start = Node.prototype.start;
    Node.prototype.start = function (...args) {
      note(what);
      return start.apply(this, args);
    };
  }
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function (...args) {
    note(`media ${this.currentSrc || this.src}`);
    return play.apply(this, args);
  };

  // A headless browser shows no notifications; what matters is that the page asked for one, and its words.
  class Noted extends EventTarget {
    static permission = "granted";
    static requestPermission() {
      return Promise.resolve("granted");
    }
    static maxActions = 0;
    constructor(title, options = {}) {
      super();
      this.title = title;
      Object.assign(this, options);
      heard.notifications.push({
        title,
        body: options.body,
        tag: options.tag,
        silent: options.silent,
      });
      heard.last = this;
    }
    close() {
      this.dispatchEvent(new Event("close"));
      this.onclose?.(new Event("close"));
    }
  }
  globalThis.Notification = Noted;
  if (globalThis.ServiceWorkerRegistration) {
    ServiceWorkerRegistration.prototype.showNotification = (title, options = {}) => {
      heard.notifications.push({
        title,
        body: options.body,
        tag: options.tag,
        silent: options.silent,
      });
      return Promise.resolve();
    };
  }
  if (navigator.setAppBadge) {
    navigator.setAppBadge = (n) => {
      heard.badges.push(n ?? 0);
      return Promise.resolve();
    };
    navigator.clearAppBadge = () => {
      heard.badges.push(0);
      return Promise.resolve();
    };
  }

  // A headless tab is always in front. A test hides it by `__hide(true)`.
  let hidden = false;
  Object.defineProperty(document, "hidden", { get: () => hidden });
  Object.defineProperty(document, "visibilityState", {
    get: () => (hidden ? "hidden" : "visible"),
  });
  document.hasFocus = () => !hidden;
  globalThis.__hide = (hide) => {
    hidden = hide;
    document.dispatchEvent(new Event("visibilitychange"));
    globalThis.dispatchEvent(new Event(hide ? "blur" : "focus"));
  };
}
