import { describe, it } from 'vitest';
import { expectSlopes } from '../../support/finiteDifferences';
import { opCases } from '../../support/opCases';
import { randomCases } from '../../support/opCases/random';

const rows = opCases.filter((opCase) => opCase.differentiable).map((opCase) => [opCase.name, opCase] as const);

describe('gradients agree with finite differences', () => {
  it.each(rows)('%s', (_, opCase) => expectSlopes(opCase));
});

describe('gradients agree with finite differences on random shapes', () => {
  it.each(randomCases(40, 2026).map((opCase) => [opCase.name, opCase] as const))('%s', (_, opCase) =>
    expectSlopes(opCase, 1),
  );
});
