import { describe, expect, it } from 'vitest';
import { readCocoFiles } from '../../../electron/data/cocoFile';
import { lookAtData } from '../../../electron/data/look';
import { openData } from '../../../electron/data/open';
import { readYoloSettings } from '../../../electron/data/yoloNames';
import { defaultReading } from '../../../shared/schema/training';
import type { DataReading } from '../../../shared/schema/training';
import { colorPng, held, useDataFolder } from '../../support/dataFolder';
import { rawPng } from '../../support/rawPng';

const folder = useDataFolder();

async function open(kind: string, annotations: DataReading['annotations'] = 'auto', infoOnly = false) {
  const reading = { ...defaultReading, annotations };
  const opened = await openData(`${kind}:${folder.at('')}`, { wanted: null, infoOnly, reading });
  if (!opened.ok) throw new Error(opened.diagnostics.map(({ code }) => code).join());
  const { info, skips = [], train, validation, origins } = opened.value;
  const reasonOf = new Map(skips.map(({ name, reason }) => [name, reason.en]));
  return {
    info,
    reasonOf,
    train: held(train),
    validation: held(validation),
    origins,
    hasIgnored: opened.value.hasIgnored,
  };
}

let seed = 0;
async function putPicture(path: string, width = 4, height = 4): Promise<void> {
  const red = seed++ % 256;
  await folder.put(
    path,
    colorPng(width, height, (x, y) => [red, 9 * x, 9 * y]),
  );
}

/** What each picture has, by its name: rows of classes. */
function masksOf({ origins, train, validation }: Awaited<ReturnType<typeof open>>): ReadonlyMap<string, string> {
  const rows = [...(origins?.train ?? []), ...(origins?.validation ?? [])].map(({ name }) => name);
  const labels = [...train.targets, ...validation.targets];
  const size = labels.length / rows.length;
  return new Map(rows.map((name, at) => [name, labels.slice(at * size, (at + 1) * size).join(' ')]));
}

const square = (x: number, y: number, side: number): readonly number[] => [
  x,
  y,
  x + side,
  y,
  x + side,
  y + side,
  x,
  y + side,
];

type Coco = { images?: unknown[]; categories?: unknown[]; annotations?: unknown[] };
const categories = [
  { id: 7, name: 'dog' },
  { id: 3, name: 'cat' },
];
const image = (id: number, name = `${id}.png`, width: unknown = 4, height: unknown = 4) => ({
  id,
  file_name: name,
  width,
  height,
});
const thing = (image: number, category: number, segmentation?: unknown, more: object = {}) => ({
  image_id: image,
  category_id: category,
  segmentation,
  ...more,
});

async function putCoco(
  { images = [], annotations = [], ...more }: Coco,
  path = 'annotations/instances.json',
): Promise<void> {
  await folder.put(path, JSON.stringify({ categories, images, annotations, ...more }));
}

describe('coco:DIR', () => {
  it('makes masks of polygons and runs: the ground, then the categories by their ids, small things over large ones', async () => {
    for (const id of [1, 2, 3]) await putPicture(`pictures/${id}.png`);
    await putCoco({
      images: [1, 2, 3].map((id) => image(id)),
      annotations: [
        thing(1, 7, [square(1, 1, 1)]),
        thing(1, 3, [square(0, 0, 2), square(3, 3, 1)]),
        thing(2, 7, { counts: [0, 4, 12], size: [4, 4] }),
        thing(2, 3, { counts: 'P4<', size: [4, 4] }, { iscrowd: 1 }),
      ],
    });
    const data = await open('coco');
    expect(data.info.task).toBe('segmentation');
    expect(data.info.classes).toEqual(['background', 'cat', 'dog']);
    const masks = masksOf(data);
    expect(masks.get('pictures/1.png')).toBe('1 1 0 0 1 2 0 0 0 0 0 0 0 0 0 1');
    expect(masks.get('pictures/3.png')).toBe('0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0');
    expect(data.info.otherTask).toBe('classification');
  });

  it('has as labels all classes of each picture, also none; as classes those of one alone, and says what that leaves out', async () => {
    for (const id of [1, 2, 3, 4]) await putPicture(`${id}.png`);
    const annotations = [
      thing(1, 7, undefined),
      thing(1, 3, undefined),
      thing(1, 7, undefined),
      thing(2, 3),
      thing(4, 3),
    ];
    await putCoco({ images: [1, 2, 3, 4].map((id) => image(id)), annotations });
    const { info, ...labelled } = await open('coco', 'labels');
    expect(info).toMatchObject({ task: 'multi-label', classes: ['cat', 'dog'], otherTask: 'classification' });
    const sets = masksOf({ info, ...labelled });
    expect([1, 2, 3, 4].map((id) => sets.get(`${id}.png`))).toEqual(['1 1', '1 0', '0 0', '1 0']);
    const classed = await open('coco', 'classes');
    expect(classed.info).toMatchObject({ task: 'classification', otherTask: 'multi-label' });
    const several = classed.info.warnings.find(({ code }) => code === 'data/several-classes');
    expect(several?.fixes[0]?.edits).toEqual([{ type: 'setTraining', train: { annotations: 'labels' } }]);
  });

  it('gives crowds no class, below all else', async () => {
    for (const id of [1, 2]) await putPicture(`${id}.png`);
    await putCoco({
      images: [1, 2].map((id) => image(id)),
      annotations: [
        thing(1, 3, [square(0, 0, 1)]),
        thing(1, 3, { counts: [0, 8, 8], size: [4, 4] }, { iscrowd: 1 }),
        thing(2, 3, [square(0, 0, 1)]),
      ],
    });
    const data = await open('coco');
    expect(masksOf(data).get('1.png')).toBe('1 255 0 0 255 255 0 0 255 255 0 0 255 255 0 0');
    expect(data.hasIgnored).toBe(true);
    expect(data.info.warnings.map(({ code }) => code)).toEqual(['data/crowds-ignored']);
  });

  it('takes the parts that files are named after, and pictures in the folder of their part', async () => {
    for (const name of ['train2017/1.png', 'val2017/1.png']) await putPicture(name);
    const one = { images: [image(1)], annotations: [thing(1, 3, [square(0, 0, 4)])] };
    await putCoco(one, 'annotations/instances_train2017.json');
    await putCoco(
      {
        ...one,
        categories: [
          { id: 1, name: 'dog' },
          { id: 3, name: 'cat' },
        ],
      },
      'annotations/instances_val2017.json',
    );
    await folder.put('annotations/captions_val2017.json', '{"images": [], "annotations": [], "categories": []');
    const { info, origins, validation } = await open('coco');
    expect(origins?.train.map(({ name }) => name)).toEqual(['train2017/1.png']);
    expect(origins?.validation.map(({ name }) => name)).toEqual(['val2017/1.png']);
    expect(info.classes).toEqual(['background', 'cat', 'dog']);
    expect(new Set(validation.targets)).toEqual(new Set([1]));
  });

  it('learns the class of pictures that show one alone, where there are boxes or it is asked for', async () => {
    for (const id of [1, 2, 3, 4, 5, 6]) await putPicture(`${id}.png`);
    const images = [1, 2, 3, 4, 5, 6].map((id) => image(id));
    const ofClasses = (outline?: unknown) => [
      ...[1, 2].map((id) => thing(id, 3, outline)),
      ...[3, 4, 4].map((id) => thing(id, 7, outline)),
      thing(5, 3, outline),
      thing(5, 7, outline),
    ];
    await putCoco({ images, annotations: ofClasses() });
    const boxes = await open('coco');
    expect(boxes.info.task).toBe('classification');
    expect(boxes.info.classes).toEqual(['cat', 'dog']);
    expect([boxes.info.trainCount, boxes.info.validationCount]).toEqual([2, 2]);
    expect([...boxes.reasonOf]).toEqual([
      ['5.png', 'it shows several classes: cat, dog'],
      ['6.png', 'nothing in it is annotated'],
    ]);
    await expect(open('coco', 'masks')).rejects.toThrow('data/boxes-only');
    await putCoco({ images, annotations: ofClasses([square(0, 0, 2)]) });
    const asked = await open('coco', 'classes');
    expect([...asked.train.targets, ...asked.validation.targets].sort()).toEqual([0, 0, 1, 1]);
    expect(asked.info.otherTask).toBe('segmentation');
    // A model of classes is scored on classes, whatever the settings say.
    const readAs = { task: 'classification', scaling: null } as const;
    const scored = await openData(`coco:${folder.at('')}`, { wanted: null, infoOnly: true, readAs });
    expect(scored.ok && scored.value.info.task).toBe('classification');
  });

  it('leaves out pictures whose annotations are of no use, and names them', async () => {
    const notNumbers = 'an outline is no list of corners in numbers';
    const notFilling = 'the runs of a mask do not fill the picture';
    const odd: readonly (readonly [name: string, annotation: Partial<ReturnType<typeof thing>>, reason: string])[] = [
      ['a corner without a number', { segmentation: [[0, 0, null, 1, 2, 2]] }, notNumbers],
      ['two corners', { segmentation: [[0, 0, 1, 1]] }, notNumbers],
      ['a number for an outline', { segmentation: 5 }, notNumbers],
      ['an outline elsewhere', { segmentation: [square(4, 4, 2)] }, 'an outline lies outside of the picture'],
      ['runs of another size', { segmentation: { counts: [0, 9], size: [3, 3] } }, notFilling],
      ['runs that are too long', { segmentation: { counts: [0, 1e9], size: [4, 4] } }, notFilling],
      ['a text without runs', { segmentation: { counts: '!', size: [4, 4] } }, notFilling],
      ['a category of no list', { category_id: 99 }, 'its category 99 is in no list'],
      ['a box beside outlines', { segmentation: [] }, 'it has an object with a box and no outline'],
    ];
    const others = ['of another size', 'with one id 1', 'with one id 2', 'listed twice', 'good 1', 'good 2'];
    for (const name of [...odd.map(([own]) => own), ...others]) await putPicture(`images/${name}.png`);
    const named = (id: number, name: string) => image(id, `${name}.png`);
    await putCoco({
      images: [
        ...odd.map(([name], at) => named(at, name)),
        image(20, 'of another size.png', 5, 4),
        named(21, 'with one id 1'),
        named(21, 'with one id 2'),
        named(22, 'listed twice'),
        named(23, 'listed twice'),
        named(24, 'good 1'),
        named(25, 'good 2'),
        ...['../secret.png', '/etc/hostname', '..', 'images/../../secret.png'].map((name, at) => image(30 + at, name)),
        { id: 40 },
      ],
      annotations: [
        ...odd.map(([, annotation], at) => ({ ...thing(at, 3, [square(0, 0, 2)]), ...annotation })),
        thing(24, 3, [square(0, 0, 2)]),
      ],
    });
    const { reasonOf, origins } = await open('coco');
    expect(Object.fromEntries(reasonOf)).toEqual({
      ...Object.fromEntries(odd.map(([name, , reason]) => [`images/${name}.png`, reason])),
      'images/of another size.png': 'its annotations are for 5×4, the image has 4×4',
      'with one id 1.png': 'several pictures have its id',
      'with one id 2.png': 'several pictures have its id',
      'listed twice.png': 'it is listed twice',
      '../secret.png': 'the picture is not there',
      '/etc/hostname': 'the picture is not there',
      '..': 'the picture is not there',
      'images/../../secret.png': 'the picture is not there',
      'annotations/instances.json: 40': 'it has no name',
    });
    expect([...(origins?.train ?? []), ...(origins?.validation ?? [])]).toHaveLength(3);
  });

  it.each([
    ['nothing', {}, 'data/layout'],
    ['no lists', { 'a.json': '{"images": {}, "categories": [], "annotations": []}' }, 'data/layout'],
    ['JSON that is cut off', { 'a.json': '{"images": [' }, 'data/damaged'],
    [
      'no pictures',
      { 'a.json': '{"images": [1, null, []], "categories": [4], "annotations": ["x"]}' },
      'data/nothing-usable',
    ],
  ])('is refused with %s', async (_name, files: { readonly [path: string]: string }, code) => {
    for (const [path, content] of Object.entries(files)) await folder.put(path, content);
    expect(await folder.refusal('coco')).toContain(code);
  });

  it('is refused where its values would fill the memory, before they are read', async () => {
    await folder.put('a.json', `{"images": [${'[],'.repeat(1000)}[]], "categories": [], "annotations": []}`);
    const read = async (room: number) => {
      const files = await readCocoFiles(folder.at(''), room);
      return files.ok ? 'read' : files.diagnostics.map(({ code }) => code);
    };
    expect(await read(20_000)).toEqual(['data/annotations-too-large']);
    expect(await read(200_000)).toBe('read');
  });

  it('stands in the data room with its classes, values, copies and snapshot', async () => {
    for (const id of [1, 2, 3]) await putPicture(`${id}.png`);
    const annotated = {
      images: [1, 2, 3].map((id) => image(id)),
      annotations: [1, 2, 3].map((id) => thing(id, 3, [square(0, 0, 2)])),
    };
    await putCoco(annotated);
    const look = async () => {
      const looked = await lookAtData(`coco:${folder.at('')}`);
      if (!looked.ok) throw new Error(looked.diagnostics[0]?.code);
      return looked.value.report;
    };
    const before = await look();
    expect(before.info.classes).toEqual(['background', 'cat', 'dog']);
    expect(before.values).toEqual([
      { value: '0', share: 0.75, classIndex: 0 },
      { value: '1', share: 0.25, classIndex: 1 },
    ]);
    await putCoco({
      ...annotated,
      annotations: annotated.annotations.map((one) => ({ ...one, segmentation: [square(1, 0, 2)] })),
    });
    expect((await look()).info.snapshot).not.toBe(before.info.snapshot);
    await putCoco(annotated);
    expect((await look()).info.snapshot).toBe(before.info.snapshot);
  });
});

describe('yolo:DIR', () => {
  it('makes masks of polygons, in fractions of the picture; one without a file has nothing in it', async () => {
    for (const id of [1, 2, 3]) await putPicture(`images/${id}.png`, 8, 4);
    await folder.put('data.yaml', 'path: .\nnames:\n  0: cat\n  1: "dog # one"\n');
    await folder.put('labels/1.txt', '1 0 0 0.5 0 0.5 0.5 0 0.5\r\n\r\n0 0.875 0.75 1 0.75 1 1 0.875 1\n');
    await folder.put('labels/2.txt', '');
    const data = await open('yolo');
    expect(data.info.classes).toEqual(['background', 'cat', 'dog # one']);
    expect(masksOf(data).get('images/1.png')).toBe(
      ['2 2 2 2 0 0 0 0', '2 2 2 2 0 0 0 0', '0 0 0 0 0 0 0 0', '0 0 0 0 0 0 0 1'].join(' '),
    );
    expect(data.info.trainCount + data.info.validationCount).toBe(3);
  });

  it.each([
    ['folders of parts with images and labels', 'train/images/1.png', 'valid/images/2.png', ''],
    ['parts inside of images and labels', 'images/train/1.png', 'images/val/2.png', ''],
    [
      'the folders that data.yaml names',
      'images/train2017/1.png',
      'images/val2017/2.png',
      'train: images/train2017\nval: ./images/val2017\n',
    ],
    [
      'folders that data.yaml names from elsewhere',
      'train/images/1.png',
      'other/images/2.png',
      'train: ../train/images\nval: ../other/images\n',
    ],
  ])('takes %s', async (_name, train, validation, yaml) => {
    await folder.put('data.yaml', `${yaml}nc: 2\nnames: ['cat', 'dog']\n`);
    for (const path of [train, validation]) {
      await putPicture(path);
      await folder.put(path.replace('images', 'labels').replace('.png', '.txt'), '0 0 0 1 0 1 1 0 1');
    }
    const { origins, info } = await open('yolo', 'auto', true);
    expect(origins?.train.map(({ name }) => name)).toEqual([train]);
    expect(origins?.validation.map(({ name }) => name)).toEqual([validation]);
    expect(info.split.en).toContain('train and val');
  });

  it('learns the classes of pictures with boxes, beside which their labels may lie', async () => {
    for (const id of [1, 2, 3, 4]) {
      await putPicture(`data/${id}.png`);
      await folder.put(`data/${id}.txt`, `${id % 2} 0.5 0.5 0.2 0.2\n`);
    }
    await folder.put('obj.names', 'cat\ndog\n');
    const { info, train, validation } = await open('yolo');
    expect(info.task).toBe('classification');
    expect(info.classes).toEqual(['cat', 'dog']);
    expect([...train.targets, ...validation.targets].sort()).toEqual([0, 0, 1, 1]);
  });

  it('names label files without a picture, and takes the names that LabelImg keeps among them', async () => {
    for (const id of [1, 2]) {
      await putPicture(`images/${id}.png`);
      await folder.put(`labels/${id}.txt`, '1 0 0 1 0 1 1 0 1');
    }
    await folder.put('labels/3.txt', '');
    await folder.put('labels/classes.txt', 'cat\ndog\n');
    const { info, reasonOf } = await open('yolo');
    expect(info.classes).toEqual(['background', 'cat', 'dog']);
    expect(Object.fromEntries(reasonOf)).toEqual({ 'labels/3.txt': 'it is a label file without a picture' });
  });

  it('knows a label file among other texts beside the pictures by its lines', async () => {
    for (const id of [1, 2]) {
      await putPicture(`data/${id}.png`);
      await folder.put(`data/${id}.txt`, '0 0.5 0.5 0.2 0.2');
    }
    await folder.put('data/3.txt', '0 0.5 0.5 0.2 0.2');
    await folder.put('data/classes.txt', 'cat\n');
    await folder.put('train.txt', 'data/1.png\ndata/2.png\n');
    const { reasonOf } = await open('yolo');
    expect([...reasonOf.keys()]).toEqual(['data/3.txt']);
  });

  it('leaves out pictures with lines of no use, and names them', async () => {
    const lines = {
      'x 0.5 0.5 0.2 0.2': 'a line has no class number',
      '-1 0.5 0.5 0.2 0.2': 'a line has no class number',
      '0 nan 0.5 0.2 0.2': 'a line has what is no number',
      '0 0 0 1 0 1': 'a line has 5 values, for a box or an outline',
      '0 0 0 300 0 300 200': 'a place is no fraction of the picture',
      '7 0 0 1 0 1 1': 'its class 7 has no name',
      '0 0.5 0.5 0.2 0.2': 'it has an object with a box and no outline',
    };
    for (const [at, line] of ['0 0 0 1 0 1 1', '0 0 0 1 0 1 1', ...Object.keys(lines)].entries()) {
      await putPicture(`images/${at}.png`);
      await folder.put(`labels/${at}.txt`, line);
    }
    await folder.put('classes.txt', 'cat\n');
    const { reasonOf } = await open('yolo');
    expect(Object.fromEntries(reasonOf)).toEqual(
      Object.fromEntries(Object.values(lines).map((reason, at) => [`images/${at + 2}.png`, reason])),
    );
  });

  it.each([
    ['names: [\'a\', "b", c]  # three', ['a', 'b', 'c']],
    ['names: [a,\n  b,\n  c]\nnc: 3', ['a', 'b', 'c']],
    ['names:\n- a\n- b # last\nnc: 2', ['a', 'b']],
    ['names:\n  2: c\n  0: a', ['a', '1', 'c']],
    ['names: {0: a, 1: b}', ['a', 'b']],
    ['names:\n  999999999999: a', []],
    ['nc: 2', []],
  ])('reads the names of %j', (source, names) => {
    expect(readYoloSettings(source).names.slice(0, 3)).toEqual(names);
  });
});

describe('voc:DIR', () => {
  const grey = (values: readonly number[]) => rawPng({ width: 4, height: 1, depth: 8, values });
  const xml = (...names: readonly string[]) =>
    `<annotation><size/>${names.map((name) => `<object>\n<name>${name}</name><part><name>head</name></part></object>`).join('')}</annotation>`;

  async function putVoc(): Promise<void> {
    for (const id of [1, 2, 3, 4]) {
      await putPicture(`VOC2012/JPEGImages/${id}.png`, 4, 1);
      await folder.put(`VOC2012/SegmentationClass/${id}.png`, grey([0, 15, 255, 1]));
      await folder.put(
        `VOC2012/Annotations/${id}.xml`,
        xml(...(id === 4 ? ['cat', 'dog'] : [id === 3 ? 'dog' : 'cat'])),
      );
    }
    await folder.put('VOC2012/ImageSets/Segmentation/train.txt', '1\n2\n5\n');
    await folder.put('VOC2012/ImageSets/Segmentation/val.txt', '3\n');
    await folder.put('VOC2012/ImageSets/Main/train.txt', '1\n2  1\n');
    await folder.put('VOC2012/ImageSets/Main/val.txt', '3 -1\n4\n');
  }

  it('has the masks and parts that its sets name, and the names of Pascal VOC', async () => {
    await putVoc();
    const { info, origins, train, reasonOf } = await open('voc');
    expect(info.classes).toHaveLength(21);
    expect([info.classes[1], info.classes[15]]).toEqual(['aeroplane', 'person']);
    expect([...train.targets.subarray(0, 4)]).toEqual([0, 15, 255, 1]);
    expect(origins?.validation.map(({ name }) => name)).toEqual(['VOC2012/JPEGImages/3.png']);
    expect([...reasonOf]).toEqual([['5', 'the picture is not there']]);
  });

  it('learns the classes of pictures that show one alone, not those of parts of things', async () => {
    await putVoc();
    const { info, train, validation, reasonOf } = await open('voc', 'classes');
    expect(info.classes).toEqual(['cat', 'dog']);
    expect([[...train.targets], [...validation.targets]]).toEqual([[0, 0], [1]]);
    expect([...reasonOf]).toEqual([['VOC2012/JPEGImages/4.png', 'it shows several classes: cat, dog']]);
  });

  it('is refused without pictures', async () => {
    await folder.put('Annotations/1.xml', xml('cat'));
    expect(await folder.refusal('voc')).toContain('data/layout');
  });
});
