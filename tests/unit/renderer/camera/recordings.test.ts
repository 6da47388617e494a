import { beforeEach, describe, expect, it } from 'vitest';
import {
  addClass,
  addPicture,
  clearRecordings,
  goOnWith,
  hasChanges,
  nameClass,
  recordingRequest,
  removeClass,
  removePicture,
  undoDeletion,
  useRecordings,
} from '../../../../renderer/camera/recordings';

const earlier = {
  dir: '/seen',
  side: 96,
  classes: [
    { name: 'cup', files: ['00001.jpg', '00003.jpg'] },
    { name: 'pen', files: ['00001.jpg', '00002.jpg'] },
  ],
};
const classAt = (at: number) => useRecordings.getState().classes[at]!;
const request = () => recordingRequest(useRecordings.getState(), earlier.dir);
const files = () => useRecordings.getState().classes.map(({ pictures }) => pictures.map(({ of }) => of));

describe('going on with a recording', () => {
  beforeEach(() => {
    clearRecordings();
    goOnWith(earlier);
  });

  it('asks for nothing before something is changed, then for what is new and what is to go', async () => {
    expect(hasChanges(useRecordings.getState())).toBe(false);
    addPicture(classAt(1).id, new Blob(['new']));
    removePicture(classAt(0).id, classAt(0).pictures[0]!.id);
    addClass();
    nameClass(classAt(2).id, 'unused');
    expect(await request()).toMatchObject({
      classes: ['pen'],
      labels: Int32Array.of(0),
      lengths: Int32Array.of(3),
      deleted: [{ name: 'cup', files: ['00001.jpg'] }],
    });
  });

  it('lets a class go whose name a new one then takes', async () => {
    removeClass(classAt(0).id);
    addClass();
    nameClass(classAt(1).id, 'cup');
    addPicture(classAt(1).id, new Blob(['new']));
    expect(await request()).toMatchObject({ classes: ['cup'], deleted: [earlier.classes[0]] });
  });

  it('brings back what was deleted, the last first, where it was', () => {
    const before = files();
    removePicture(classAt(0).id, classAt(0).pictures[1]!.id);
    removePicture(classAt(0).id, classAt(0).pictures[0]!.id);
    removeClass(classAt(0).id);
    expect(hasChanges(useRecordings.getState())).toBe(true);
    undoDeletion();
    undoDeletion();
    expect(files()[0]).toEqual(['00001.jpg']);
    undoDeletion();
    undoDeletion();
    expect(files()).toEqual(before);
    expect(hasChanges(useRecordings.getState())).toBe(false);
  });
});
