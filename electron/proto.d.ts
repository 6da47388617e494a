/** The bundler gives the text of a .proto file. */
declare module '*.proto?raw' {
  const text: string;
  export { text as default };
}
