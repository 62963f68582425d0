export const errors = {
  offline: "No answer from the server. Are you connected?",
  unknown: "Something went wrong. Try again in a moment.",
};
