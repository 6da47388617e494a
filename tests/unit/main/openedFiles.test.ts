import { describe, expect, it } from 'vitest';
import { linkedFile, networkFilesIn } from '../../../electron/main/openedFiles';

describe('a link', () => {
  it('opens a network of this machine', () => {
    expect(linkedFile('convloom://open?path=/home/me/a%20b.convloom')).toBe('/home/me/a b.convloom');
    expect(linkedFile('convloom://open?path=%2Ftmp%2Fnet.convloom.json')).toBe('/tmp/net.convloom.json');
  });

  it.each([
    'convloom://open?path=//server/share/a.convloom',
    String.raw`convloom://open?path=\\server\share\a.convloom`,
    'convloom://open?path=a.convloom',
    'convloom://open?path=/etc/passwd',
    'convloom://open?path=/a%00.convloom',
    'convloom://open',
    'convloom://delete?path=/a.convloom',
    'https://open?path=/a.convloom',
    'convloom:',
    'no link',
  ])('does nothing else: %s', (link) => {
    expect(linkedFile(link)).toBeNull();
  });
});

describe('the words that the app is started with', () => {
  it('name networks, by path or by link, and no options', () => {
    const words = [
      '/usr/bin/convloom',
      '--flag=x.convloom',
      'a.convloom',
      'notes.txt',
      'convloom://open?path=/b.convloom',
      'convloom://x',
    ];
    expect(networkFilesIn(words, '/work')).toEqual(['/work/a.convloom', '/b.convloom']);
  });
});
