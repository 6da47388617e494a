import { describe, expect, it } from 'vitest';
import { middleSquare } from '../../../../renderer/camera/frame';
import { faultOf } from '../../../../renderer/camera/useCamera';

describe('the camera', () => {
  it.each([
    ['NotFoundError', 'none'],
    ['NotAllowedError', 'denied'],
    ['NotReadableError', 'busy'],
    ['TypeError', 'unsupported'],
  ])('that fails with %s is told as %s', (name, fault) => {
    expect(faultOf(Object.assign(new Error(), { name }))).toBe(fault);
  });

  it.each([
    [640, 480, { left: 80, top: 0, side: 480 }],
    [480, 640, { left: 0, top: 80, side: 480 }],
  ])('of %d by %d gives the square in its middle', (width, height, square) => {
    expect(middleSquare(width, height)).toEqual(square);
  });
});
