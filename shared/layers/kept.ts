import { z } from 'zod';

/*
 * What an opaque node keeps of the operation that it stands for, so that a file of the same kind can have it again as it was.
 */

/** So many characters of a document an operation may take; one that is larger is not kept. */
export const mostKeptCharacters = 400_000;

const sizes = z
  .array(
    z
      .number()
      .int()
      .min(0)
      .max(2 ** 31),
  )
  .max(16)
  .readonly();

/** An input of an operation of ONNX: a value on a port, the next run of the node's weights, a short constant, or none. */
const onnxInput = z
  .union([
    z.strictObject({ port: z.number().int().min(0).max(1000), shape: sizes }),
    z.strictObject({ weights: sizes }),
    z.strictObject({
      type: z.enum(['float32', 'int64', 'int32', 'uint8', 'bool']),
      shape: sizes,
      values: z.array(z.number()).max(10_000).readonly(),
    }),
  ])
  .nullable();

/** Shapes are those of the file for one sample, without the batch. */
const onnxOperation = z.strictObject({
  format: z.literal('onnx'),
  /** Its message without its wires, in base64. */
  node: z.string().max(mostKeptCharacters),
  domain: z.string().max(1000),
  opset: z.number().int().min(1).max(1000),
  inputs: z.array(onnxInput).max(1000).readonly(),
  outputs: z.number().int().min(1).max(1000),
  output: z.number().int().min(0).max(999),
  shape: sizes,
});

export type KeptInput = z.infer<typeof onnxInput>;
export type KeptOperation = z.infer<typeof onnxOperation>;

/** What was kept; null for what is nothing of it, as a document by hand may have. */
export function keptOperation(content: unknown): KeptOperation | null {
  const parsed = onnxOperation.safeParse(content);
  return parsed.success && parsed.data.output < parsed.data.outputs ? parsed.data : null;
}
