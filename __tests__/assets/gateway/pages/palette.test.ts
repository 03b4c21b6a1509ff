import { describe, expect, it } from "vitest";
import { PALETTE } from "../../../../assets/gateway/pages/palette";

type Colour = keyof (typeof PALETTE)["light"];

/** WCAG 2.2, relative luminance. */
function luminance(colour: string): number {
  const part = (from: number) => {
    const value = Number.parseInt(colour.slice(from, from + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
}
const contrast = (a: string, b: string) => {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
};

const PAIRS: [text: Colour, ground: Colour][] = [
  ...(["text", "muted", "accent", "bad"] as const).flatMap((text) =>
    (["ground", "surface", "sunken"] as const).map((ground): [Colour, Colour] => [text, ground]),
  ),
  ["on-accent", "accent"],
  ["good", "good-ground"],
  ["wait", "wait-ground"],
  ["bad", "bad-ground"],
];

describe.each(["light", "dark"] as const)("colours in %s", (mode) => {
  it.each(PAIRS)("let %s be read on %s", (text, ground) => {
    expect(contrast(PALETTE[mode][text], PALETTE[mode][ground])).toBeGreaterThanOrEqual(4.5);
  });
});
it("measures contrast as it is defined", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
});
