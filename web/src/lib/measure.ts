// How large a picture or a film is and how long it lasts, found out here, so that its place is kept before it is sent.
export type Measures = { width?: number; height?: number; duration_ms?: number };

/** A file that cannot be read must not hold up the others. */
const PATIENCE = 4_000;

/** `src` is an object URL of it. Empty where this browser cannot show it. */
export function measure(type: string, src: string): Promise<Measures> {
  const found = type.startsWith("image/")
    ? picture(src)
    : /^(video|audio)\//.test(type)
      ? film(type, src)
      : Promise.resolve({});
  const late = new Promise<Measures>((resolve) => setTimeout(() => resolve({}), PATIENCE));
  return Promise.race([found, late]);
}

function picture(src: string): Promise<Measures> {
  return new Promise((resolve) => {
    const image = new Image();
    image.onload = () => resolve(sized(image.naturalWidth, image.naturalHeight));
    image.onerror = () => resolve({});
    image.src = src;
  });
}

function film(type: string, src: string): Promise<Measures> {
  return new Promise((resolve) => {
    const video = document.createElement(type.startsWith("audio/") ? "audio" : "video");
    video.preload = "metadata";
    video.onloadedmetadata = () => {
      const { duration } = video;
      const size = video instanceof HTMLVideoElement ? sized(video.videoWidth, video.videoHeight) : {};
      // A recording may not know how long it is.
      const lasts = Number.isFinite(duration) ? { duration_ms: Math.round(duration * 1000) } : {};
      video.removeAttribute("src");
      resolve({ ...size, ...lasts });
    };
    video.onerror = () => resolve({});
    video.src = src;
  });
}

const sized = (width: number, height: number): Measures => (width > 0 && height > 0 ? { width, height } : {});
