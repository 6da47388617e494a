/** About how wide a text is: a Han character is as wide as it is high, a Latin one some 0.56 of that, a narrow one less. */
export function textWidth(text: string, size: number): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width * size;
}

function isHan(character: string): boolean {
  return /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60]/.test(character);
}

function characterWidth(character: string): number {
  if (isHan(character)) return 1;
  return /[ .,:;|il1'()[\]]/.test(character) ? 0.36 : 0.6;
}

/** A text that is wider than its room ends in dots. */
export function shortenText(text: string, size: number, room: number): string {
  const isIn = (words: string): boolean => textWidth(words, size) <= room;
  if (isIn(text)) return text;
  const characters = Array.from(text);
  while (characters.length > 0 && !isIn(`${characters.join('')}…`)) characters.pop();
  return `${characters.join('').trimEnd()}…`;
}

/** A text in lines of at most a width: broken between words, between Han characters, and within a word that is longer than a line. */
export function wrapText(text: string, size: number, width: number): readonly string[] {
  return text.split('\n').flatMap((paragraph) => wrapParagraph(paragraph, width / size));
}

function wrapParagraph(paragraph: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  // Where the line may be broken: behind its last space or Han character.
  let breakAt = 0;
  for (const character of paragraph) {
    const own = characterWidth(character);
    if (used + own > width && line !== '' && character !== ' ') {
      const rest = breakAt > 0 ? line.slice(breakAt) : '';
      lines.push((breakAt > 0 ? line.slice(0, breakAt) : line).trimEnd());
      line = rest;
      used = textWidth(rest, 1);
      breakAt = 0;
    }
    line += character;
    used += own;
    if (character === ' ' || isHan(character)) breakAt = line.length;
  }
  return [...lines, line.trimEnd()];
}
