import { z } from 'zod';
import { badResults } from '../diagnostics/catalog/commandLine';
import { failure, success, type Result } from '../diagnostics/diagnostic';
import { explainIssue } from '../document/issues';
import { readDocument } from '../document/parse';
import { serializeNetwork } from '../document/serialize';
import type { NetworkDocument } from '../schema/document';
import { errorText } from '../text';

/** What was answered to the question of an exhibit. */
const answer = z.strictObject({
  solved: z.boolean(),
  /** As it was typed or chosen; empty where the question was something to bring about. */
  answer: z.string().max(1000).default(''),
  /** How often it was answered until it was right. */
  tries: z.number().int().min(0).default(0),
});

/** What was measured by each trial of a lesson that was tried. */
const figures = z.record(z.string(), z.number());

/** What a student did of the course: by lesson and trial, and by exhibit. */
const courseSchema = z.strictObject({
  lessons: z.record(z.string(), figures).default({}),
  exhibits: z.record(z.string(), answer).default({}),
});

const resultsSchema = z.strictObject({
  format: z.literal('convloom.results'),
  version: z.literal(1),
  name: z.string().default(''),
  ...courseSchema.shape,
  network: z.unknown().optional(),
});

/** What a student did of the course. */
export type CourseResults = z.infer<typeof courseSchema>;
/** The answer to an exhibit's question. */
export type ExhibitAnswer = z.infer<typeof answer>;

/** What a student hands in: the name of the rules, what was done of the course, and the network; null where there is none. */
export type Results = {
  readonly name: string;
  readonly course: CourseResults;
  readonly network: NetworkDocument | null;
};

/** Whether a text means to be a results file, well or badly written. */
export function looksLikeResults(source: string): boolean {
  return /^\uFEFF?\s*\{[^]{0,2000}"format"\s*:\s*"convloom\.results"/.test(source);
}

/** Reads a results file (JSON, `"format": "convloom.results"`); every mistake names its path. Lessons of another version are kept. */
export function parseResults(source: string): Result<Results> {
  let raw: unknown;
  try {
    raw = JSON.parse(source.replace(/^\uFEFF/, ''));
  } catch (error) {
    const reason = errorText(error);
    return failure(badResults('results', `not JSON: ${reason}`, `不是 JSON：${reason}`));
  }
  const parsed = resultsSchema.safeParse(raw);
  if (!parsed.success) {
    return failure(
      ...parsed.error.issues.map((issue) => {
        const { problem } = explainIssue(issue, raw);
        return badResults(issue.path.join('.') || 'results', problem.en, problem.zh);
      }),
    );
  }
  const { name, lessons, exhibits, network } = parsed.data;
  const course = { lessons, exhibits };
  if (network == null) return success({ name, course, network: null });
  const document = readDocument(network);
  if (document.ok) return success({ name, course, network: document.value });
  return failure(
    ...document.diagnostics.map((one) =>
      one.at.path === undefined ? one : { ...one, at: { ...one.at, path: `network.${one.at.path}` } },
    ),
  );
}

/** Writes results as their file. */
export function printResults({ name, course, network }: Results): string {
  const drawn: unknown = network === null ? null : JSON.parse(serializeNetwork(network));
  const content = { format: 'convloom.results', version: 1, name, ...course, network: drawn };
  return `${JSON.stringify(content, null, 2)}\n`;
}
