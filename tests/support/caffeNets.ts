/*
 * Published networks as Caffe writes them, from the sizes in their papers.
 */

type Fields = { readonly [name: string]: number | string };

function layer(
  name: string,
  type: string,
  bottoms: readonly string[],
  top: string,
  param = '',
  fields: Fields = {},
): string {
  const inside = Object.entries(fields)
    .map(([field, value]) => `${field}: ${value}`)
    .join(' ');
  const own = param === '' ? '' : ` ${param}_param { ${inside} }`;
  const from = bottoms.map((bottom) => ` bottom: "${bottom}"`).join('');
  return `layer { name: "${name}" type: "${type}"${from} top: "${top}"${own} }`;
}

function convolution(name: string, bottom: string, fields: Fields): readonly string[] {
  const relu = `relu${name.replace(/^conv|^fc/, '')}`;
  return [layer(name, 'Convolution', [bottom], name, 'convolution', fields), layer(relu, 'ReLU', [name], name)];
}

function pooling(name: string, bottom: string, fields: Fields): string {
  return layer(name, 'Pooling', [bottom], name, 'pooling', { pool: 'MAX', ...fields });
}

function dense(number: number, bottom: string, units: number): readonly string[] {
  const name = `fc${number}`;
  const product = layer(name, 'InnerProduct', [bottom], name, 'inner_product', { num_output: units });
  return number === 8
    ? [product, layer('prob', 'Softmax', [name], 'prob')]
    : [
        product,
        layer(`relu${number}`, 'ReLU', [name], name),
        layer(`drop${number}`, 'Dropout', [name], name, 'dropout', { dropout_ratio: 0.5 }),
      ];
}

function input(size: number): string {
  return `input: "data"\ninput_shape { dim: 1 dim: 3 dim: ${size} dim: ${size} }`;
}

/** CaffeNet (norm behind pool) or AlexNet of the model zoo (pool behind norm): Krizhevsky et al., 2012. */
export function alexNet(isCaffeNet: boolean): string {
  const normed = (number: number): readonly string[] => {
    const [pool, norm] = [`pool${number}`, `norm${number}`];
    const [first, second] = isCaffeNet ? [pool, norm] : [norm, pool];
    const window = { kernel_size: 3, stride: 2 };
    const local = { local_size: 5, alpha: 0.0001, beta: 0.75 };
    const lines = (bottom: string, name: string): string =>
      name === pool ? pooling(name, bottom, window) : layer(name, 'LRN', [bottom], name, 'lrn', local);
    return [lines(`conv${number}`, first), lines(first, second)];
  };
  const last = isCaffeNet ? 'norm' : 'pool';
  return [
    `name: "${isCaffeNet ? 'CaffeNet' : 'AlexNet'}"`,
    input(227),
    ...convolution('conv1', 'data', { num_output: 96, kernel_size: 11, stride: 4 }),
    ...normed(1),
    ...convolution('conv2', `${last}1`, { num_output: 256, pad: 2, kernel_size: 5, group: 2 }),
    ...normed(2),
    ...convolution('conv3', `${last}2`, { num_output: 384, pad: 1, kernel_size: 3 }),
    ...convolution('conv4', 'conv3', { num_output: 384, pad: 1, kernel_size: 3, group: 2 }),
    ...convolution('conv5', 'conv4', { num_output: 256, pad: 1, kernel_size: 3, group: 2 }),
    pooling('pool5', 'conv5', { kernel_size: 3, stride: 2 }),
    ...dense(6, 'pool5', 4096),
    ...dense(7, 'fc6', 4096),
    ...dense(8, 'fc7', 1000),
  ].join('\n');
}

function vggBody(firstPad: number): readonly string[] {
  const stages = [
    [64, 2],
    [128, 2],
    [256, 3],
    [512, 3],
    [512, 3],
  ] as const;
  let bottom = 'data';
  return stages.flatMap(([filters, count], stage) => {
    const convs = Array.from({ length: count }, (_, at) => {
      const name = `conv${stage + 1}_${at + 1}`;
      const pad = stage === 0 && at === 0 ? firstPad : 1;
      const lines = convolution(name, bottom, { num_output: filters, pad, kernel_size: 3 });
      bottom = name;
      return lines;
    });
    const pool = pooling(`pool${stage + 1}`, bottom, { kernel_size: 2, stride: 2 });
    bottom = `pool${stage + 1}`;
    return [...convs.flat(), pool];
  });
}

/** VGG-16, configuration D: Simonyan and Zisserman, 2014. */
export function vgg16(): string {
  return [
    'name: "VGG_ILSVRC_16_layers"',
    input(224),
    ...vggBody(1),
    ...dense(6, 'pool5', 4096),
    ...dense(7, 'fc6', 4096),
    ...dense(8, 'fc7', 1000),
  ].join('\n');
}

/** FCN of Long et al. with 21 classes, by its stride: 32, 16 or 8. */
export function fcn(stride: 8 | 16 | 32): string {
  const score = (name: string, bottom: string): string =>
    layer(name, 'Convolution', [bottom], name, 'convolution', { num_output: 21, kernel_size: 1 });
  const up = (name: string, bottom: string, kernel: number, step: number): string => {
    const fields = { num_output: 21, bias_term: 'false', kernel_size: kernel, stride: step };
    return layer(name, 'Deconvolution', [bottom], name, 'convolution', fields);
  };
  const crop = (name: string, bottom: string, like: string, offset: number): string =>
    layer(name, 'Crop', [bottom, like], name, 'crop', { axis: 2, offset });
  const fuse = (pool: number, coarse: string, offset: number): readonly string[] => [
    score(`score_pool${pool}`, `pool${pool}`),
    crop(`score_pool${pool}c`, `score_pool${pool}`, coarse, offset),
    layer(`fuse_pool${pool}`, 'Eltwise', [coarse, `score_pool${pool}c`], `fuse_pool${pool}`, 'eltwise', {
      operation: 'SUM',
    }),
  ];
  const head =
    stride === 32
      ? [up('upscore', 'score_fr', 64, 32), crop('score', 'upscore', 'data', 19)]
      : [
          up('upscore2', 'score_fr', 4, 2),
          ...fuse(4, 'upscore2', 5),
          ...(stride === 16
            ? [up('upscore16', 'fuse_pool4', 32, 16), crop('score', 'upscore16', 'data', 27)]
            : [
                up('upscore_pool4', 'fuse_pool4', 4, 2),
                ...fuse(3, 'upscore_pool4', 9),
                up('upscore8', 'fuse_pool3', 16, 8),
                crop('score', 'upscore8', 'data', 31),
              ]),
        ];
  const dropped = (name: string): string =>
    layer(`drop${name}`, 'Dropout', [name], name, 'dropout', { dropout_ratio: 0.5 });
  return [
    `name: "FCN-${stride}s"`,
    input(500),
    ...vggBody(100),
    ...convolution('fc6', 'pool5', { num_output: 4096, pad: 0, kernel_size: 7 }),
    dropped('fc6'),
    ...convolution('fc7', 'fc6', { num_output: 4096, pad: 0, kernel_size: 1 }),
    dropped('fc7'),
    score('score_fr', 'fc7'),
    ...head,
  ].join('\n');
}
