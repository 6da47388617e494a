import protobuf from 'protobufjs';

/** The messages and enumerations of one .proto text. */
export type Messages = {
  readonly encode: (message: { readonly [field: string]: unknown }) => Uint8Array;
  /** A message of another type that was encoded, its fields by name; throws where the bytes are none. */
  readonly decode: (type: string, bytes: Uint8Array) => { readonly [field: string]: unknown };
  /** The number of a name in an enumeration. */
  readonly enumValue: (enumeration: string, name: string) => number;
};

/**
 * Reads a .proto when a message is first asked for (a few milliseconds, once a process); `root` names the message that files are.
 * Bytes of tensors are written where they lie, and copied once, into the file.
 */
export function messagesOf(source: string, root: string): Messages {
  let parsed: { readonly type: protobuf.Type; readonly enums: Map<string, protobuf.Enum> } | undefined;
  const read = () => {
    parsed ??= { type: protobuf.parse(source).root.lookupType(root), enums: new Map() };
    return parsed;
  };
  return {
    encode: (message) => read().type.encode(message).finish(),
    decode: (type, bytes) => Object.fromEntries(Object.entries(read().type.root.lookupType(type).decode(bytes))),
    enumValue(enumeration, name) {
      const { type, enums } = read();
      const known = enums.get(enumeration) ?? type.root.lookupEnum(enumeration);
      enums.set(enumeration, known);
      const value = known.values[name];
      if (value === undefined) throw new Error(`The enumeration ${enumeration} has no ${name}.`);
      return value;
    },
  };
}
