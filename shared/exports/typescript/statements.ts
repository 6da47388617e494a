/** Statements laid out as Prettier lays them out, so that formatting a printed project changes nothing. */

/** As the printed project's `.prettierrc` has it. */
export const lineWidth = 120;

/** `name: [items],` on one line if it fits, else an item a line. */
export function listField(name: string, items: readonly string[], indent: number): readonly string[] {
  const space = ' '.repeat(indent);
  const line = `${space}${name}: [${items.join(', ')}],`;
  return line.length <= lineWidth ? [line] : [`${space}${name}: [`, ...itemLines(items, indent), `${space}],`];
}

function itemLines(items: readonly string[], indent: number): readonly string[] {
  return items.map((item) => `${' '.repeat(indent + 2)}${item},`);
}

/** A field of an object, a line or more. Prettier gives lists of lists a line each. */
function fieldLines(field: string, indent: number): readonly string[] {
  const space = ' '.repeat(indent);
  const [, name = '', first = '', second = ''] = listOfLists.exec(field) ?? [];
  return name === ''
    ? [`${space}${field},`]
    : [`${space}${name}: [`, `${space}  [${first}],`, `${space}  [${second}],`, `${space}],`];
}

const listOfLists = /^(\w+): \[\[([^\]]*)\], \[([^\]]*)\]\]$/;

/** One value, or a list of several. */
function valueOf(items: readonly string[]): string {
  return items.length === 1 ? (items[0] ?? '') : `[${items.join(', ')}]`;
}

type Statement = {
  /** `const name = ` or `name = `. */
  readonly target: string;
  readonly callee: string;
  readonly fields: readonly string[];
  readonly inputs: readonly string[];
  readonly comment: string;
};

/** A statement that connects a layer to its inputs, on one line if it fits, else with a field a line. */
export function layerStatement({ target, callee, fields, inputs, comment }: Statement): readonly string[] {
  const behind = comment === '' ? '' : ` // ${comment}`;
  const cast = ' as tf.SymbolicTensor;';
  const line = `  ${target}${callee}({ ${fields.join(', ')} }).apply(${valueOf(inputs)})${cast}`;
  if (line.length <= lineWidth && !fields.some((field) => listOfLists.test(field))) return [`${line}${behind}`];
  const above = comment === '' ? [] : [`  // ${comment}`];
  const isClass = callee.startsWith('new ');
  const method = callee.slice(callee.lastIndexOf('.'));
  const object = callee.slice(0, callee.lastIndexOf('.'));
  const chained = `    ${method}({ ${fields.join(', ')} })`;
  const applied = `    .apply(${valueOf(inputs)})${cast}`;
  const isShort = [chained, applied].every((part) => part.length <= lineWidth);
  if (!isClass && isShort && !fields.some((field) => listOfLists.test(field))) {
    return [...above, `  ${target}${object}`, chained, applied];
  }
  const opening = isClass ? [`  ${target}${callee}({`] : [`  ${target}${object}`, `    ${method}({`];
  const indent = isClass ? 2 : 4;
  const space = ' '.repeat(indent);
  const closing = isClass ? [`${space}})`] : [`${space}})`, space];
  const head = [...above, ...opening, ...fields.flatMap((field) => fieldLines(field, indent + 2)), ...closing];
  const tail = `${head.at(-1) ?? ''}.apply(${valueOf(inputs)})${cast}`;
  const before = head.slice(0, -1);
  if (tail.length <= lineWidth || inputs.length === 1) return [...before, tail];
  return [...before, `${head.at(-1) ?? ''}.apply([`, ...itemLines(inputs, indent), `${space}])${cast}`];
}

/** A layer that several values go through: made where the first does, and applied. */
export function sharedStatements(statement: Statement, layer: string, isFirst: boolean): readonly string[] {
  const { target, inputs, comment } = statement;
  const making = { ...statement, target: `const ${layer} = `, inputs: [], comment: '' };
  const behind = comment === '' ? '' : ` // ${comment}`;
  return [
    ...(isFirst ? callStatement(making, 2) : []),
    `  ${target}${layer}.apply(${valueOf(inputs)}) as tf.SymbolicTensor;${behind}`,
  ];
}

/** A statement that calls a function with values and options, on one line if it fits, else with an option a line. */
export function callStatement(
  { target, callee, fields, inputs, comment }: Statement,
  indent: number,
): readonly string[] {
  const space = ' '.repeat(indent);
  const behind = comment === '' ? '' : ` // ${comment}`;
  const start = `${space}${target}${callee}(`;
  const line = `${start}${[...inputs, `{ ${fields.join(', ')} }`].join(', ')});`;
  if (line.length <= lineWidth && !fields.some((field) => listOfLists.test(field))) return [`${line}${behind}`];
  const above = comment === '' ? [] : [`${space}// ${comment}`];
  const opening = `${start}${[...inputs, '{'].join(', ')}`;
  if (opening.length <= lineWidth) {
    return [...above, opening, ...fields.flatMap((field) => fieldLines(field, indent + 2)), `${space}});`];
  }
  const options = fields.flatMap((field) => fieldLines(field, indent + 4));
  return [...above, start, ...itemLines(inputs, indent), `${space}  {`, ...options, `${space}  },`, `${space});`];
}

/** Calls of a function behind each other, `copy` counting them. */
export function loopStatement(statement: Statement, variable: string, count: string): readonly string[] {
  const [first = '', ...others] = statement.inputs;
  const call = callStatement({ ...statement, target: `${variable} = `, inputs: [variable, ...others] }, 4);
  return [`  let ${variable} = ${first};`, `  for (let copy = 1; copy <= ${count}; copy += 1) {`, ...call, '  }'];
}

/** The head of a function that takes values and options. */
export function functionHead(
  name: string,
  inputs: readonly string[],
  options: readonly string[],
  type: string,
): readonly string[] {
  const values = inputs.map((input) => `${input}: tf.SymbolicTensor`);
  const pattern = `{ ${options.join(', ')} }: ${type}`;
  const line = `function ${name}(${[...values, pattern].join(', ')}): tf.SymbolicTensor {`;
  if (line.length <= lineWidth) return [line];
  // A lone object stays with its brackets.
  if (values.length === 0) return [`function ${name}({`, ...itemLines(options, 0), `}: ${type}): tf.SymbolicTensor {`];
  const isShort = pattern.length + 3 <= lineWidth;
  const last = isShort ? [`  ${pattern},`] : ['  {', ...itemLines(options, 2), `  }: ${type},`];
  return [`function ${name}(`, ...itemLines(values, 0), ...last, '): tf.SymbolicTensor {'];
}

/** A `const` with an input. */
export function inputStatement(variable: string, shape: string, comment: string): readonly string[] {
  const line = `  const ${variable} = tf.input({ name: '${variable}', shape: ${shape} });`;
  if (line.length <= lineWidth) return [comment === '' ? line : `${line} // ${comment}`];
  const above = comment === '' ? [] : [`  // ${comment}`];
  return [...above, `  const ${variable} = tf.input({`, `    name: '${variable}',`, `    shape: ${shape},`, '  });'];
}

/** The `return` of the model. */
export function modelStatement(name: string, inputs: readonly string[], outputs: readonly string[]): readonly string[] {
  const line = `  return tf.model({ name: '${name}', inputs: ${valueOf(inputs)}, outputs: ${valueOf(outputs)} });`;
  if (line.length <= lineWidth) return [line];
  const field = (key: string, items: readonly string[]): readonly string[] =>
    items.length === 1 ? [`    ${key}: ${valueOf(items)},`] : listField(key, items, 4);
  return [
    '  return tf.model({',
    `    name: '${name}',`,
    ...field('inputs', inputs),
    ...field('outputs', outputs),
    '  });',
  ];
}

/** An import of several names from a file of the project. */
export function importStatement(names: readonly string[], path: string): readonly string[] {
  const line = `import { ${names.join(', ')} } from '${path}';`;
  if (line.length <= lineWidth) return [line];
  return ['import {', ...itemLines(names, 0), `} from '${path}';`];
}
