import { describe, expect, it } from 'vitest';
import { withoutPrivatePaths } from '../../../electron/files/privacy';

const folders = [
  { name: 'app', dir: '/opt/Convloom/app' },
  { name: 'data', dir: '/home/lin/.local/share/convloom' },
  { name: 'home', dir: '/home/lin' },
];
const clean = (text: string): string => withoutPrivatePaths(text, folders, 'lin_wei');

describe('a text without private paths', () => {
  it.each([
    ['ENOENT: no such file, open ‘/data/thesis/secret plan.csv’', 'ENOENT: no such file, open ‘<path> plan.csv’'],
    [
      "EACCES: permission denied, open '/srv/Klinik/patients.convloom'",
      "EACCES: permission denied, open '<path>.convloom'",
    ],
    ['    at f (file:///opt/Convloom/app/out/main/cli.js:12:3)', '    at f (<app>/out/main/cli.js:12:3)'],
    ['/home/lin/.local/share/convloom/runs/a/run.json', '<data>/runs/a/run.json'],
    ['The runs in /home/lin/.local/share/convloom are whole', 'The runs in <data> are whole'],
    [String.raw`open C:\Users\Lin\Desktop\net.json failed`, 'open <path>.json failed'],
    [String.raw`on \\server\share\nets\a.onnx`, 'on <path>.onnx'],
    ['lin_wei trains on images:/mnt/x/y', '<user> trains on images:<path>'],
    ['1/2 of 3 and and/or, 10 GB/s, image/png', '1/2 of 3 and and/or, 10 GB/s, image/png'],
  ])('of %s is %s', (text, wanted) => {
    expect(clean(text)).toBe(wanted);
  });
});
