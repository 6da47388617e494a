import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { printable, printableLine } from '../../../electron/cli/printable';
import { processTerminal } from '../../../electron/cli/terminal';
import { tableLines } from '../../../electron/cli/table';
import { diagnosticLines } from '../../../electron/cli/report';
import { serializeNetwork } from '../../../shared/document/serialize';
import { convloom } from '../../support/commandLine';
import { chainNetwork } from '../../support/networks';

const hostile = 'a\u001b[2J\u0007b\u009b31mc\u202Ed\u2066e\rf\u007f';
const controls = Array.from({ length: 160 }, (_, code) => String.fromCharCode(code)).filter(
  (character) => /\p{Cc}/u.test(character) && !'\n\t'.includes(character),
);

describe('what goes to a terminal', () => {
  it('shows what the terminal would obey', () => {
    expect(printable(hostile)).toBe('a\\u001b[2J\\u0007b\\u009b31mc\\u202ed\\u2066e\\u000df\\u007f');
    for (const control of controls) expect(printable(control)).toMatch(/^\\u00[0-9a-f]{2}$/);
    expect(printable('层 ─ × −\tx\ny é')).toBe('层 ─ × −\tx\ny é');
  });

  it('leaves JSON the same value', () => {
    const value = { name: `${hostile}\n${controls.join('')}`, list: [hostile] };
    for (const line of [JSON.stringify(value), JSON.stringify(value, null, 2)]) {
      expect(JSON.parse(printable(line))).toEqual(value);
    }
  });

  it('keeps a cell and a finding on one line', () => {
    expect(printableLine('one\ntwo')).toBe('one\\u000atwo');
    const [, , row] = tableLines([{ title: 'Name', align: 'left' }], [['x\n\u001b[31my']]);
    expect(row).toBe('x\\u000a\\u001b[31my');
    const [line] = diagnosticLines([
      {
        code: 'a/b',
        severity: 'error',
        at: { nodeId: 'n\n\u001b]0;t\u0007' },
        summary: { en: 'S.', zh: '。' },
        fixes: [],
      },
    ]);
    expect(line).toBe('error at n\\u000a\\u001b]0;t\\u0007: S.  [a/b]');
  });

  it('keeps what is for the reader on one line, whatever is named in it', () => {
    const written: unknown[] = [];
    const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(text) > 0);
    processTerminal().err('Wrote x\n\u001b[2Jy.');
    write.mockRestore();
    expect(written).toEqual(['Wrote x\\u000a\\u001b[2Jy.\n']);
  });

  it('aligns columns by what is seen: wide characters, marks, joined signs', () => {
    const names = ['卷积', 'cafe\u0301', '👩‍👩‍👧', 'plain'];
    const lines = tableLines(
      [
        { title: 'Name', align: 'left' },
        { title: 'N', align: 'right' },
      ],
      names.map((name) => [name, '1']),
    );
    expect(lines.slice(2)).toEqual(['卷积   1', 'cafe\u0301   1', '👩‍👩‍👧     1', 'plain  1']);
  });

  it('keeps the name of a network on its line, whatever it pretends to say', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'convloom-printable-'));
    const path = join(dir, 'net.json');
    await writeFile(
      path,
      serializeNetwork({ ...chainNetwork([4], ['fc', { units: 2 }]), name: 'x\nNo problems found.' }),
    );
    const { out } = await convloom('analyze', path);
    expect(out.split('\n')[0]).toBe('x\\u000aNo problems found.');
    await rm(dir, { recursive: true });
  });
});
