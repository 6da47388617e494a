import { erf } from './erf';
import type { BinaryOp, OpNode, UnaryOp } from './graph';

/** The number behind a constant of one element, if it is one. */
export function scalarOf(node: OpNode): number | undefined {
  return node.op === 'constant' && node.data.length === 1 ? node.data[0] : undefined;
}

/** One elementwise op on one number. */
export function unaryValue(op: UnaryOp, x: number): number {
  switch (op) {
    case 'neg':
      return -x;
    case 'exp':
      return Math.exp(x);
    case 'log':
      return Math.log(x);
    case 'sqrt':
      return Math.sqrt(x);
    case 'square':
      return x * x;
    case 'abs':
      return Math.abs(x);
    case 'sign':
      return Math.sign(x);
    case 'step':
      return x > 0 ? 1 : 0;
    case 'relu':
      return Math.max(x, 0);
    case 'sigmoid':
      return 1 / (1 + Math.exp(-x));
    case 'tanh':
      return Math.tanh(x);
    case 'erf':
      return erf(x);
  }
}

/** One elementwise op on two numbers. */
export function binaryValue(op: BinaryOp, a: number, b: number): number {
  switch (op) {
    case 'add':
      return a + b;
    case 'sub':
      return a - b;
    case 'mul':
      return a * b;
    case 'div':
      return a / b;
    case 'maximum':
      return Math.max(a, b);
    case 'minimum':
      return Math.min(a, b);
    case 'greaterEqual':
      return a >= b ? 1 : 0;
    case 'equal':
      return a === b ? 1 : 0;
  }
}
