// The count in the tab's icon: the door of the mark, with a lamp on when somebody calls and a small one when there is only
// something unread. Drawn as a picture, because not every browser takes a drawing for an icon.

const DOOR =
  "M24.5 30.5H3.6a.6.6 0 0 1-.37-1.07C6 27.3 7.5 24.7 7.5 21.2V11a9.5 9.5 0 0 1 19 0v17.5a2 2 0 0 1-2 2Z";
const PLAIN = "/mark.svg";

export type Light = "off" | "unread" | number;

export function showIcon(light: Light): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel~="icon"]');
  if (!link) return;
  const href = light === "off" ? PLAIN : (draw(light) ?? PLAIN);
  if (link.getAttribute("href") === href) return;
  link.type = light === "off" ? "image/svg+xml" : "image/png";
  link.href = href;
}

function draw(light: Exclude<Light, "off">): string | undefined {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 64;
  const pen = canvas.getContext("2d");
  if (!pen) return undefined;
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  pen.scale(2, 2);
  pen.fillStyle = dark ? "#7cd2ae" : "#0c5640";
  pen.fill(new Path2D(DOOR));
  pen.fillStyle = "#f4c050";
  pen.beginPath();
  if (light === "unread") pen.arc(25, 7, 6, 0, 7);
  else pen.arc(22, 10, 10, 0, 7);
  pen.fill();
  if (typeof light === "number") {
    pen.fillStyle = "#0e0a07";
    pen.font = `700 ${light > 9 ? 11 : 14}px system-ui, sans-serif`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(light > 99 ? "99" : String(light), 22, 10.5);
  }
  return canvas.toDataURL("image/png");
}
