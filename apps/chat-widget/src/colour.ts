type Rgb = [number, number, number];

const parse = (hex: string): Rgb => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as Rgb;

/** Relative luminance, WCAG 2.2. */
function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((c) => (c <= 10 ? c / 3294 : ((c / 255 + 0.055) / 1.055) ** 2.4)) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast between two `#rrggbb` colours, 1 to 21. */
export function contrast(one: string, other: string): number {
  const [low, high] = [luminance(parse(one)), luminance(parse(other))].sort((a, b) => a - b) as [
    number,
    number,
  ];
  return (high + 0.05) / (low + 0.05);
}

/** Black or white, whichever reads better on `#rrggbb`. White is preferred where both are readable. */
export const inkOn = (colour: string): string => (contrast(colour, '#ffffff') >= 4.5 ? '#ffffff' : '#000000');

/** The colour, moved towards black or white until text of it can be read on `ground` (4.5:1). */
export function readableOn(ground: string, colour: string): string {
  const towards = luminance(parse(ground)) > 0.4 ? 0 : 255;
  let mixed = colour;
  for (let share = 0; share <= 1 && contrast(mixed, ground) < 4.5; share += 0.05) {
    const channels = parse(colour).map((c) => Math.round(c + (towards - c) * share));
    mixed = `#${channels.map((c) => c.toString(16).padStart(2, '0')).join('')}`;
  }
  return mixed;
}
