/** Why a file cannot become a network; made a diagnostic where the import ends, and thrown nowhere else. */
export class Unreadable extends Error {
  constructor(
    /** `type`, `size`: of a tensor. `graph`: wires that lead nowhere or round. `operation`: one with no known shape. */
    readonly reason: 'type' | 'size' | 'graph' | 'operation' | 'input',
    /** The part of the file that it is about, by the file's own name. */
    readonly part: string,
    readonly detail: string,
  ) {
    super(`${reason}: ${part}: ${detail}`);
  }
}
