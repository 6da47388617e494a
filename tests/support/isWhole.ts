/** True in `npm run projects`, which takes its time; `npm test` leaves out what shows in another way what it shows anyway. */
export const isWhole = process.env['CONVLOOM_ALL'] !== undefined;
