import { describe, expect, it } from 'vitest';
import { findPython } from '../../../electron/host/exports/python';
import { printJax } from '../../../shared/exports/jax';
import { networks } from '../../golden/typescript/cases';
import { runChecks, writePythonProject } from '../../support/pythonProject';

const python = await findPython(['flax', 'jax']);
const why = python.path === null ? ` (skipped: ${python.why.en})` : '';

describe.skipIf(python.path === null)(`a printed JAX project${why}`, () => {
  it('computes what the op graph computes, and counts the same parameters, for every network', () => {
    const projects = Object.entries(networks).map(([name, document]) => ({
      name,
      dir: writePythonProject('jax', name, document, printJax),
    }));
    const answers = runChecks(
      python.path ?? '',
      projects.map(({ dir }) => dir),
    );
    const wrong = projects.flatMap(({ name }, at) => {
      const { difference = NaN, scale = 1, error = 'no answer' } = answers[at] ?? {};
      // Flax takes a variance as the mean of squares less the square of the mean, which loses digits.
      return error === null && difference <= 3e-5 * Math.max(scale, 1) ? [] : [{ name, difference, error }];
    });
    expect(wrong).toEqual([]);
  }, 300_000);
});
