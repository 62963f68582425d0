// Runs before everything else in the script that the page begins with: while the rest of it is made ready the line is
// idle, and what nearly every room is drawn with can be on its way.
if (/^\/r\/\d/.test(location.pathname)) import("./views/room/markup/kit").catch(() => undefined);

export {};
