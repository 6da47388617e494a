/** How the points of a class are drawn: a colour and a shape, so that neither alone need tell classes apart. */
export type ClassMark = { readonly colour: string; readonly shape: MarkShape };

/**
 * Six colours of Okabe and Ito that stand out on white and on near black, and are told apart by every kind of colour blindness; their yellow
 * and black are not among them.
 */
const colours = ['#0072b2', '#e69f00', '#009e73', '#d55e00', '#56b4e9', '#cc79a7'] as const;
const shapes = ['circle', 'square', 'triangle', 'diamond', 'cross'] as const;
export type MarkShape = (typeof shapes)[number];

/** Of samples that nobody has said the class of. */
const unknown: ClassMark = { colour: '#8b93a3', shape: 'circle' };

/** The mark of a class. Five shapes and six colours take turns each for itself: thirty classes have marks of their own, and then they come again. */
export function classMark(index: number): ClassMark {
  const [colour, shape] = [colours[index % colours.length], shapes[index % shapes.length]];
  return colour === undefined || shape === undefined ? unknown : { colour, shape };
}

/** The outline of a shape around zero, about as large as a circle of this radius. */
export function markPath(shape: MarkShape, radius: number): string {
  const r = (share: number): number => Math.round(share * radius * 100) / 100;
  switch (shape) {
    case 'circle':
      return `M${r(-1)} 0A${r(1)} ${r(1)} 0 1 1 ${r(1)} 0A${r(1)} ${r(1)} 0 1 1 ${r(-1)} 0Z`;
    case 'square':
      return `M${r(-0.88)} ${r(-0.88)}H${r(0.88)}V${r(0.88)}H${r(-0.88)}Z`;
    case 'triangle':
      return `M0 ${r(-1.25)}L${r(1.15)} ${r(0.8)}H${r(-1.15)}Z`;
    case 'diamond':
      return `M0 ${r(-1.3)}L${r(1.1)} 0L0 ${r(1.3)}L${r(-1.1)} 0Z`;
    case 'cross':
      return `M${r(-0.4)} ${r(-1.15)}H${r(0.4)}V${r(-0.4)}H${r(1.15)}V${r(0.4)}H${r(0.4)}V${r(1.15)}H${r(-0.4)}V${r(0.4)}H${r(-1.15)}V${r(-0.4)}H${r(-0.4)}Z`;
  }
}

/** Blue for the least, orange for the most, grey between: what values are coloured by. */
const scale = [
  [47, 111, 214],
  [140, 140, 140],
  [224, 115, 29],
] as const;

/** The colour of a value, `share` of the way from the least to the most. */
export function valueColour(share: number): string {
  const place = Math.min(1, Math.max(0, share)) * (scale.length - 1);
  const [from, to] = [scale[Math.floor(place)], scale[Math.ceil(place)]];
  if (from === undefined || to === undefined) return unknown.colour;
  const mix = (channel: 0 | 1 | 2): number =>
    Math.round(from[channel] + (to[channel] - from[channel]) * (place - Math.floor(place)));
  return `rgb(${mix(0)}, ${mix(1)}, ${mix(2)})`;
}

/** What points are coloured by: their class, a value between the least and the most of all, or nothing. */
export type PointColours = (sample: number) => ClassMark;

/** The marks of samples by what each is; NaN where nobody said. `hasClasses`: numbers of classes, else values. */
export function pointMarks(truth: Float32Array, hasClasses: boolean): PointColours {
  if (hasClasses) return (sample) => classMark(truth[sample] ?? NaN);
  const known = truth.filter((value) => !Number.isNaN(value));
  const least = known.reduce((a, b) => Math.min(a, b), Infinity);
  const most = known.reduce((a, b) => Math.max(a, b), -Infinity);
  return (sample) => {
    const value = truth[sample] ?? NaN;
    if (Number.isNaN(value)) return unknown;
    return { colour: valueColour(most > least ? (value - least) / (most - least) : 0.5), shape: 'circle' };
  };
}
