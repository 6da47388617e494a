/** An element of an XML document; `all` is it and everything inside it. */
export type XmlElement = {
  readonly name: string;
  readonly attributes: { readonly [name: string]: string };
  readonly children: XmlElement[];
  readonly all: XmlElement[];
};

/** Reads XML of elements, attributes and texts as a strict parser does: anything that is not well formed throws. */
export function readXml(xml: string): XmlElement {
  const isForbidden = (character: string): boolean => character < ' ' && !'\t\n\r'.includes(character);
  if (Array.from(xml).some(isForbidden)) throw new Error('A character that XML forbids.');
  const open: XmlElement[] = [];
  const all: XmlElement[] = [];
  let root: XmlElement | null = null;
  let at = 0;
  const token = /<\/([\w:]+)>|<([\w:]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y;
  while (at < xml.length) {
    token.lastIndex = at;
    const found = token.exec(xml);
    if (found === null) throw new Error(`Not well formed at ${at}: ${xml.slice(at, at + 40)}`);
    at = token.lastIndex;
    const [, closed, name, attributes = '', empty, text] = found;
    const loose = /&(?!(?:amp|lt|gt|quot|apos|#\d+);)/;
    if (loose.test(attributes) || loose.test(text ?? '')) throw new Error(`A loose & before ${at}.`);
    if (text !== undefined) {
      if (open.length === 0 && text.trim() !== '') throw new Error('Text outside the root.');
      if (text.includes(']]>')) throw new Error('A loose ]]>.');
    } else if (closed !== undefined) {
      if (open.pop()?.name !== closed) throw new Error(`</${closed}> closes another element.`);
    } else if (name !== undefined) {
      const pairs = [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [key!, value!] as const);
      if (new Set(pairs.map(([key]) => key)).size < pairs.length) throw new Error(`<${name}> repeats an attribute.`);
      const element: XmlElement = { name, attributes: Object.fromEntries(pairs), children: [], all: [] };
      const parent = open.at(-1);
      if (parent === undefined && root !== null) throw new Error('Two roots.');
      if (parent === undefined) root = element;
      else parent.children.push(element);
      all.push(element);
      if (empty !== '/') open.push(element);
    }
  }
  if (root === null || open.length > 0) throw new Error('It does not end.');
  root.all.push(...all);
  return root;
}
