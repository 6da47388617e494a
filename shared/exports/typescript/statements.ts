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

type LayerCall = {
  readonly variable: string;
  readonly callee: string;
  readonly fields: readonly string[];
  readonly inputs: readonly string[];
  readonly comment: string;
};

/** A `const` that connects a layer to its inputs, on one line if it fits, else with a field a line. */
export function layerStatement({ variable, callee, fields, inputs, comment }: LayerCall): readonly string[] {
  const behind = comment === '' ? '' : ` // ${comment}`;
  const cast = ' as tf.SymbolicTensor;';
  const line = `  const ${variable} = ${callee}({ ${fields.join(', ')} }).apply(${valueOf(inputs)})${cast}`;
  if (line.length <= lineWidth && !fields.some((field) => listOfLists.test(field))) return [`${line}${behind}`];
  const above = comment === '' ? [] : [`  // ${comment}`];
  const isClass = callee.startsWith('new ');
  const method = callee.slice(callee.lastIndexOf('.'));
  const object = callee.slice(0, callee.lastIndexOf('.'));
  const opening = isClass
    ? [`  const ${variable} = ${callee}({`]
    : [`  const ${variable} = ${object}`, `    ${method}({`];
  const indent = isClass ? 2 : 4;
  const space = ' '.repeat(indent);
  const closing = isClass ? [`${space}})`] : [`${space}})`, space];
  const head = [...above, ...opening, ...fields.flatMap((field) => fieldLines(field, indent + 2)), ...closing];
  const tail = `${head.at(-1) ?? ''}.apply(${valueOf(inputs)})${cast}`;
  const before = head.slice(0, -1);
  if (tail.length <= lineWidth || inputs.length === 1) return [...before, tail];
  return [...before, `${head.at(-1) ?? ''}.apply([`, ...itemLines(inputs, indent), `${space}])${cast}`];
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
