import { z } from 'zod';
import { badRules } from '../diagnostics/catalog/commandLine';
import { failure, success, type Diagnostic, type Result } from '../diagnostics/diagnostic';
import { explainIssue } from '../document/issues';
import { limits } from '../schema/limits';
import { errorText } from '../text';
import { chapterMistakes, mistakesOf } from './mistakes';

const range = {
  min: z.number().optional(),
  max: z.number().optional(),
  equals: z.number().optional(),
};
const common = { title: z.string().optional(), points: z.number().min(0).default(1) };
/** A size is a number, null for one that the network leaves open, or any. */
const size = z.union([z.number().int().positive(), z.null(), z.literal('any')], { error: 'shapeSize' });
const shape = z.array(size).min(1).max(3);
const params = z.record(z.string(), z.json()).default({});
const step = z.union([z.string(), z.strictObject({ kind: z.string(), params })], { error: 'step' });
const side = z.number().int().positive().max(limits.frameSide);

const rule = z.discriminatedUnion('rule', [
  z.strictObject({ rule: z.literal('valid'), ...common }),
  z.strictObject({ rule: z.literal('noWarnings'), except: z.array(z.string()).default([]), ...common }),
  z.strictObject({ rule: z.enum(['params', 'trainableParams', 'macs', 'activationBytes']), ...range, ...common }),
  z.strictObject({ rule: z.literal('inputShape'), shape, ...common }),
  z.strictObject({ rule: z.literal('outputShape'), shape, ...common }),
  z.strictObject({ rule: z.literal('shape'), node: z.string(), shape, ...common }),
  z.strictObject({ rule: z.literal('receptiveField'), node: z.string().optional(), ...range, ...common }),
  z.strictObject({ rule: z.literal('count'), kind: z.string(), params, ...range, ...common }),
  z.strictObject({
    rule: z.literal('order'),
    layers: z.array(step).min(2).max(100),
    adjacent: z.boolean().default(false),
    ...common,
  }),
  z.strictObject({ rule: z.literal('outputs'), ...range, ...common }),
  z.strictObject({ rule: z.literal('ends'), function: z.string(), ...common }),
  z.strictObject({ rule: z.literal('fcShare'), ...range, ...common }),
  z.strictObject({
    rule: z.literal('takesSizes'),
    sizes: z
      .array(z.tuple([side, side]))
      .min(1)
      .max(20),
    ...common,
  }),
  z.strictObject({ rule: z.enum(['accuracy', 'meanIou']), ...range, ...common }),
  z.strictObject({ rule: z.literal('lesson'), lesson: z.string(), ...common }),
  z.strictObject({ rule: z.literal('exhibit'), exhibit: z.string(), ...common }),
]);

/** How a rules file is laid out. */
export const rulesSchema = z.strictObject({
  format: z.literal('convloom.rules'),
  version: z.literal(1),
  name: z.string().default('Rules'),
  /** The chapter of the course that is assigned: where the app opens. */
  chapter: z.string().optional(),
  rules: z.array(rule).min(1).max(1000),
});

/** One thing that a teacher demands. */
export type Rule = z.infer<typeof rule>;
/** A rules file, read. */
export type Rules = z.infer<typeof rulesSchema>;
/** A size of a shape that a rule asks for. */
export type AskedSize = z.infer<typeof size>;
/** A layer that a rule asks for: its kind, or that with params. */
export type Step = z.infer<typeof step>;

/** Reads a rules file (JSON, `"format": "convloom.rules"`); every mistake names its path. */
export function parseRules(source: string): Result<Rules> {
  let raw: unknown;
  try {
    raw = JSON.parse(source.replace(/^\uFEFF/, ''));
  } catch (error) {
    const reason = errorText(error);
    return failure(badRules('rules', `not JSON: ${reason}`, `不是 JSON：${reason}`));
  }
  const parsed = rulesSchema.safeParse(raw);
  if (!parsed.success) {
    return failure(
      ...parsed.error.issues.map((issue) => {
        const { problem } = explainIssue(issue, raw);
        return badRules(issue.path.join('.') || 'rules', problem.en, problem.zh);
      }),
    );
  }
  const mistakes: readonly Diagnostic[] = [
    ...chapterMistakes(parsed.data.chapter),
    ...parsed.data.rules.flatMap((each, at) => mistakesOf(each, `rules.${at}`)),
  ];
  return mistakes.length > 0 ? failure(...mistakes) : success(parsed.data);
}

/** Writes rules as their file; what stands at its usual value is left out. */
export function printRules({ name, chapter, rules }: Rules): string {
  const lean = rules.map((each) =>
    Object.fromEntries(
      Object.entries(each).filter(
        ([key, value]) =>
          !(key === 'points' && value === 1) &&
          !(key === 'adjacent' && value === false) &&
          !(['params', 'except'].includes(key) && Object.keys(value as object).length === 0),
      ),
    ),
  );
  const lines = lean.map((each) => `    ${JSON.stringify(each)}`);
  return `{
  "format": "convloom.rules",
  "version": 1,
  "name": ${JSON.stringify(name)},${chapter === undefined ? '' : `\n  "chapter": ${JSON.stringify(chapter)},`}
  "rules": [
${lines.join(',\n')}
  ]
}
`;
}
