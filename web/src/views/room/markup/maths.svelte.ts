// Maths in the browser's own MathML, made by Temml out of TeX. It comes with the first formula.

type Draw = (tex: string, block: boolean) => Element | undefined;

let draw = $state.raw<Draw | undefined>();
let asked: Promise<unknown> | undefined;

export const maths = {
  get draw(): Draw | undefined {
    return draw;
  },
  load(): Promise<unknown> {
    asked ??= import("./tex").then(
      (code) => {
        draw = code.draw;
      },
      () => {
        // No line: the next formula asks again, and until then its source is shown.
        asked = undefined;
      },
    );
    return asked;
  },
};
