// The time as the screen takes it, for what is over at some moment. Whoever knows of such a moment moves it on.
class Clock {
  now = $state(new Date().toISOString());
  tick(): void {
    this.now = new Date().toISOString();
  }
}

export const clock = new Clock();
