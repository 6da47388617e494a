/** Height, width and channels. */
type PictureShape = readonly [number, number, number];

/** On a larger picture the pen of the board is coarser than anything that a network looks for. */
const mostSide = 128;

/** Whether a picture for a network can be drawn with a white pen on a black board: a small one in grey, whatever it was trained on. */
export function isDrawable(shape: PictureShape | null): shape is PictureShape {
  return shape !== null && shape[2] === 1 && Math.max(shape[0], shape[1]) <= mostSide;
}
