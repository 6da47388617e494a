/** Where nothing but rounding is left: an error of 1e-10, which is 100 dB. */
const leastError = 1e-10;

/**
 * Peak signal-to-noise ratio in decibels of values from 0 to 1: 10 log10(1 / error), with the mean squared error over all values of all
 * pictures. An error of 0.01 is 20 dB, and a tenth of an error is 10 dB more; what is beyond 100 dB is 100. Source: Huynh-Thu and Ghanbari,
 * Scope of validity of PSNR in image/video quality assessment, Electronics Letters 44 (2008).
 */
export function psnrOf(meanSquaredError: number): number {
  return -10 * Math.log10(Math.max(leastError, meanSquaredError));
}

/** The mean squared error that a ratio stands for. */
export function errorOfPsnr(psnr: number): number {
  return 10 ** (-psnr / 10);
}
