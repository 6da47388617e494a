/** Functions and modules that a printed project brings itself because Flax has none; each with those of them that it uses. */
const sources = {
  pair: `def pair(size: Size) -> tuple[int, int]:
    """A size as height and width."""
    return (size, size) if isinstance(size, int) else size
`,
  freeze: `class Frozen(nnx.Variable[Array]):
    """A weight that training leaves as it is: optimizers take \`nnx.Param\` alone."""


def freeze(module: nnx.Module) -> None:
    """Makes the weights of a layer frozen ones."""
    for name, value in list(vars(module).items()):
        if isinstance(value, nnx.Param):
            setattr(module, name, Frozen(value[...]))
        elif isinstance(value, nnx.Module):
            freeze(value)
`,
  ClassToken: `class ClassToken(nnx.Module):
    """Reads a map as a list of positions, behind a learned one."""

    def __init__(self, channels: int) -> None:
        self.token = nnx.Param(jnp.zeros(channels))

    def __call__(self, x: Array) -> Array:
        batch, height, width, channels = x.shape
        token = jnp.broadcast_to(self.token[...], (batch, 1, 1, channels))
        return jnp.concatenate([token, x.reshape(batch, height * width, 1, channels)], axis=1)
`,
  FrozenBatchNorm: `class FrozenBatchNorm(nnx.BatchNorm):
    """Batch normalization that keeps its statistics, in training too."""

    def __call__(
        self,
        x: Array,
        use_running_average: bool | None = None,
        *,
        mask: Array | None = None,
    ) -> Array:
        return super().__call__(x, use_running_average=True, mask=mask)
`,
  GroupedConvTranspose: `class GroupedConvTranspose(nnx.Module):
    """A transposed convolution of groups of channels.

    The kernel lies as height, width, channels that a group gives, channels that come in.
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        kernel_size: tuple[int, int],
        *,
        strides: Size = 1,
        padding: Sides,
        kernel_dilation: Size = 1,
        feature_group_count: int,
        use_bias: bool = True,
        kernel_init: nnx.Initializer,
        rngs: nnx.Rngs,
    ) -> None:
        shape = (*kernel_size, out_features // feature_group_count, in_features)
        self.kernel = nnx.Param(kernel_init(rngs.params(), shape, jnp.float32))
        self.bias = nnx.Param(jnp.zeros(out_features)) if use_bias else None
        self.groups = feature_group_count
        self.strides, self.padding, self.dilation = pair(strides), padding, pair(kernel_dilation)

    def __call__(self, x: Array) -> Array:
        kernel = self.kernel[...]
        height, width, filters, _ = kernel.shape
        grouped = kernel[::-1, ::-1].reshape(height, width, filters, self.groups, -1)
        turned = grouped.transpose(0, 1, 4, 3, 2).reshape(height, width, -1, filters * self.groups)
        y = lax.conv_general_dilated(
            x,
            turned,
            window_strides=(1, 1),
            padding=self.padding,
            lhs_dilation=self.strides,
            rhs_dilation=self.dilation,
            dimension_numbers=("NHWC", "HWIO", "NHWC"),
            feature_group_count=self.groups,
        )
        return y if self.bias is None else y + self.bias[...]
`,
  PReLU: `class PReLU(nnx.Module):
    """A rectifier with a learned slope below zero for each channel."""

    def __init__(self, *, channels: int, slope: float = 0.25) -> None:
        self.slope = nnx.Param(jnp.full(channels, slope))

    def __call__(self, x: Array) -> Array:
        return jnp.where(x >= 0, x, self.slope[...] * x)
`,
  Position: `class Position(nnx.Module):
    """Adds a learned number to every value of a map."""

    def __init__(self, height: int, width: int, channels: int) -> None:
        self.position = nnx.Param(jnp.zeros((height, width, channels)))

    def __call__(self, x: Array) -> Array:
        return x + self.position[...]
`,
  ResponseNorm: `class ResponseNorm(nnx.Module):
    """Strengthens each channel by how strongly it answers over the whole map, against the mean of all channels."""

    def __init__(self, channels: int, *, epsilon: float = 1e-6) -> None:
        self.gamma = nnx.Param(jnp.zeros(channels))
        self.beta = nnx.Param(jnp.zeros(channels))
        self.epsilon = epsilon

    def __call__(self, x: Array) -> Array:
        # The slope of a root at 0 is infinite.
        strength = jnp.sqrt(jnp.sum(jnp.square(x), axis=(1, 2), keepdims=True) + 1e-24)
        share = strength / (jnp.mean(strength, axis=-1, keepdims=True) + self.epsilon)
        return x + self.gamma[...] * (x * share) + self.beta[...]
`,
  ScaleShift: `class ScaleShift(nnx.Module):
    """Multiplies by learned numbers and adds others: one pair for all, or one for each channel."""

    def __init__(
        self,
        *,
        channels: int = 1,
        scale: float | tuple[float, ...],
        shift: float | tuple[float, ...],
        center: bool = True,
    ) -> None:
        self.scale = nnx.Param(jnp.broadcast_to(jnp.asarray(scale, jnp.float32), (channels,)))
        first = jnp.broadcast_to(jnp.asarray(shift, jnp.float32), (channels,))
        self.shift = nnx.Param(first) if center else None
        self.given_shift = shift

    def __call__(self, x: Array) -> Array:
        scaled = x * self.scale[...]
        if self.shift is None:
            return scaled + jnp.asarray(self.given_shift, x.dtype)
        return scaled + self.shift[...]
`,
  SelfAttention: `class SelfAttention(nnx.Module):
    """Multi-head self-attention: each position of a map takes from all others."""

    def __init__(
        self,
        channels: int,
        heads: int,
        *,
        head_size: int | None = None,
        use_bias: bool = True,
        output_bias: bool = True,
        rngs: nnx.Rngs,
    ) -> None:
        width = heads * (head_size or channels // heads)
        start = nnx.initializers.glorot_uniform()
        self.heads = heads
        self.qkv = nnx.Linear(channels, 3 * width, use_bias=use_bias, kernel_init=start, rngs=rngs)
        self.proj = nnx.Linear(width, channels, use_bias=output_bias, kernel_init=start, rngs=rngs)

    def __call__(self, x: Array) -> Array:
        batch, height, width, channels = x.shape
        tokens = x.reshape(batch, height * width, channels)
        parts = self.qkv(tokens).reshape(batch, height * width, 3, self.heads, -1)
        queries, keys, values = jnp.moveaxis(parts, 2, 0)
        mixed = jax.nn.dot_product_attention(queries, keys, values)
        return self.proj(mixed.reshape(batch, height * width, -1)).reshape(x.shape)
`,
  StandardizedConv: `class StandardizedConv(nnx.Module):
    """A convolution whose filters are brought to mean 0 and variance 1 before they are used."""

    def __init__(
        self,
        in_features: int,
        out_features: int,
        kernel_size: tuple[int, int],
        *,
        strides: Size = 1,
        padding: str | Sides = "SAME",
        kernel_dilation: Size = 1,
        feature_group_count: int = 1,
        use_bias: bool = True,
        kernel_init: nnx.Initializer,
        rngs: nnx.Rngs,
    ) -> None:
        shape = (*kernel_size, in_features // feature_group_count, out_features)
        self.kernel = nnx.Param(kernel_init(rngs.params(), shape, jnp.float32))
        self.bias = nnx.Param(jnp.zeros(out_features)) if use_bias else None
        self.groups = feature_group_count
        self.strides, self.padding, self.dilation = pair(strides), padding, pair(kernel_dilation)

    def __call__(self, x: Array) -> Array:
        kernel = self.kernel[...]
        centered = kernel - kernel.mean((0, 1, 2))
        y = lax.conv_general_dilated(
            x,
            centered / jnp.sqrt(kernel.var((0, 1, 2)) + 1e-6),
            window_strides=self.strides,
            padding=self.padding,
            rhs_dilation=self.dilation,
            dimension_numbers=("NHWC", "HWIO", "NHWC"),
            feature_group_count=self.groups,
        )
        return y if self.bias is None else y + self.bias[...]
`,
  adaptive_pool: `def adaptive_pool(x: Array, *, mode: str, output_size: tuple[int, int]) -> Array:
    """Cuts a map of any size into so many windows, and keeps the largest or the mean of each."""
    fold = jnp.max if mode == "max" else jnp.mean
    for axis, count in zip((1, 2), output_size, strict=True):
        length = x.shape[axis]
        cuts = [(at * length // count, -(-(at + 1) * length // count)) for at in range(count)]
        runs = [lax.slice_in_dim(x, start, stop, axis=axis) for start, stop in cuts]
        x = jnp.concatenate([fold(run, axis=axis, keepdims=True) for run in runs], axis=axis)
    return x
`,
  crop_like: `def crop_like(x: Array, reference: Array, offset: tuple[int, int] | None = None) -> Array:
    """Cuts a map to the height and width of another: from the middle, or from an offset on."""
    height, width = reference.shape[1:3]
    if offset is None:
        offset = ((x.shape[1] - height) // 2, (x.shape[2] - width) // 2)
    top, left = offset
    return x[:, top : top + height, left : left + width]
`,
  depth_to_space: `def depth_to_space(x: Array, *, block_size: int, order: str = "DCR") -> Array:
    """Lays channels out as blocks of positions; "CRD" counts by a block's channels first."""
    batch, height, width, _ = x.shape
    if order == "DCR":
        apart = x.reshape(batch, height, width, block_size, block_size, -1)
    else:
        apart = x.reshape(batch, height, width, -1, block_size, block_size).transpose(
            0, 1, 2, 4, 5, 3
        )
    laid = apart.transpose(0, 1, 3, 2, 4, 5)
    return laid.reshape(batch, height * block_size, width * block_size, -1)
`,
  local_response_norm: `def local_response_norm(x: Array, *, radius: int, alpha: float, beta: float, bias: float) -> Array:
    """Divides every value by a power of the squares of its channel and its neighbours."""
    around = (*((0, 0) for _ in x.shape[1:]), (radius, radius))
    squares = jnp.pad(x * x, around)
    channels = x.shape[-1]
    total = sum(squares[..., at : at + channels] for at in range(2 * radius + 1))
    return x / (bias + alpha * total) ** beta
`,
  max_unpool: `def max_unpool(
    x: Array,
    source: Array,
    pool_size: tuple[int, int],
    strides: tuple[int, int],
    padding: Sides = ((0, 0), (0, 0)),
) -> Array:
    """Puts values back where a max pool found the largest of each window, the first of equals."""
    (height, width), (step, stride) = pool_size, strides
    (top, _), (left, _) = padding
    _, rows, columns, channels = x.shape
    room = ((0, 0), (top, rows * step), (left, columns * stride), (0, 0))
    padded = jnp.pad(source, room, constant_values=-jnp.inf)
    places = [(i, j) for i in range(height) for j in range(width)]
    values = jnp.stack(
        [
            padded[:, i : i + rows * step : step, j : j + columns * stride : stride]
            for i, j in places
        ]
    )
    # One value in each window is its largest; argmax takes the first of equals.
    hits = jax.nn.one_hot(values.argmax(0), len(places), axis=0, dtype=x.dtype) * x
    found = dict(zip(places, hits, strict=True))
    none = jnp.zeros_like(x)
    lines = [
        jnp.stack([found.get((i, j), none) for j in range(stride)], axis=3) for i in range(step)
    ]
    whole = jnp.stack(lines, axis=2).reshape(-1, rows * step, columns * stride, channels)
    length, breadth = source.shape[1:3]
    wide = jnp.pad(whole, ((0, 0), (0, length + top), (0, breadth + left), (0, 0)))
    return wide[:, top : top + length, left : left + breadth]
`,
  repeat: `def repeat(x: Array, factor: Size) -> Array:
    """A map enlarged by whole factors, every value as often as they say."""
    rows, columns = pair(factor)
    return jnp.repeat(jnp.repeat(x, rows, axis=1), columns, axis=2)
`,
  reshape: `def reshape(x: Array, *, shape: tuple[int, ...]) -> Array:
    """Another shape of every sample; -1 for the size that follows from the others."""
    return x.reshape(x.shape[0], *shape)
`,
  resize: `def resize_weights(length: int, size: int, mode: str, coordinates: str) -> NDArray[np.float32]:
    """What each of \`size\` new values takes of the \`length\` old ones along an axis."""
    places = np.arange(size, dtype=np.float64)
    if coordinates == "alignCorners":
        at = places * ((length - 1) / max(size - 1, 1))
    elif coordinates == "halfPixel":
        at = (places + 0.5) * length / size - 0.5
    else:
        at = places * length / size
    low = np.floor(at)
    if mode == "nearest":
        if coordinates == "halfPixel":
            at = (2 * places + 1) * length / (2 * size)
        nearest = np.floor(at + (0.5 if coordinates == "alignCorners" else 1e-9))
        shares = [(nearest, np.ones_like(at))]
    elif mode == "bilinear":
        shares = [(low, 1 - at + low), (low + 1, at - low)]
    else:
        shares = [(low + step, cubic(np.abs(at - low - step))) for step in (-1, 0, 1, 2)]
    weights = np.zeros((size, length))
    for place, share in shares:
        np.add.at(weights, (np.arange(size), place.clip(0, length - 1).astype(int)), share)
    return weights.astype(np.float32)


def cubic(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Keys' cubic with a sharpness of -0.75, as PyTorch, OpenCV and ONNX take it."""
    near = (1.25 * x - 2.25) * x * x + 1
    far = ((-0.75 * x + 3.75) * x - 6) * x + 3
    return np.where(x < 1, near, np.where(x < 2, far, 0.0))


def resize(
    x: Array,
    *,
    mode: str,
    coordinates: str,
    size: tuple[int, int] | None = None,
    factor: Size = 1,
) -> Array:
    """Resizes a map; what lies outside of it is its edge."""
    height, width = x.shape[1:3]
    times = pair(factor)
    rows, columns = size or (height * times[0], width * times[1])
    down = resize_weights(height, rows, mode, coordinates)
    across = resize_weights(width, columns, mode, coordinates)
    return jnp.einsum("ph,bhwc,qw->bpqc", down, x, across)
`,
  scale_shift: `def scale_shift(
    x: Array, *, scale: float | tuple[float, ...], shift: float | tuple[float, ...]
) -> Array:
    """Multiplies by numbers and adds others: one for all values, or one for each channel."""
    return x * jnp.asarray(scale, x.dtype) + jnp.asarray(shift, x.dtype)
`,
  shuffle: `def shuffle(x: Array, *, groups: int) -> Array:
    """Deals the channels of groups out: the first of each group, then the second of each."""
    return x.reshape(*x.shape[:-1], groups, -1).swapaxes(-1, -2).reshape(x.shape)
`,
  space_to_depth: `def space_to_depth(x: Array, *, block_size: int, order: str = "DCR") -> Array:
    """Stacks blocks of positions as channels; "CRD" counts by a block's channels first."""
    batch, height, width, channels = x.shape
    rows, columns = height // block_size, width // block_size
    cut = x.reshape(batch, rows, block_size, columns, block_size, channels)
    axes = (0, 1, 3, 2, 4, 5) if order == "DCR" else (0, 1, 3, 5, 2, 4)
    return cut.transpose(*axes).reshape(batch, rows, columns, -1)
`,
  window_pool: `def window_pool(
    x: Array,
    *,
    mode: str,
    pool_size: Size,
    strides: Size,
    padding: str | Sides = ((0, 0), (0, 0)),
    dilation: Size = 1,
    ceil: bool = False,
    count_include_pad: bool = False,
) -> Array:
    """Pools by the rules that Flax' own pools lack: gaps, windows over the edge, sums, and L2.

    Padding is "SAME", or the rows and columns before and behind.
    """
    counts: list[int] = []
    inner: list[tuple[int, int]] = []
    outer: list[tuple[int, int]] = []
    windows = zip(x.shape[1:3], pair(pool_size), pair(strides), pair(dilation), strict=True)
    for axis, (length, size, step, gap) in enumerate(windows):
        span = gap * (size - 1) + 1
        if isinstance(padding, str):
            count = -(-length // step)
            total = max((count - 1) * step + span - length, 0)
            before, after = total // 2, total - total // 2
        else:
            before, after = padding[axis]
            room = length + before + after - span
            count = (-(-room // step) if ceil else room // step) + 1
            if ceil and (count - 1) * step >= length + before:
                count -= 1
        counts.append(count)
        inner.append((before, after))
        # The last window may hang over the padding.
        outer.append((0, max((count - 1) * step + span - length - before - after, 0)))

    def around(values: Array, filling: float, overhang: float) -> Array:
        padded = jnp.pad(values, ((0, 0), *inner, (0, 0)), constant_values=filling)
        return jnp.pad(padded, ((0, 0), *outer, (0, 0)), constant_values=overhang)

    def parts(values: Array) -> list[Array]:
        """The values of all windows, place by place."""
        (height, width), (step, stride) = pair(pool_size), pair(strides)
        gap, aside = pair(dilation)
        rows, columns = (counts[0] - 1) * step + 1, (counts[1] - 1) * stride + 1
        starts = [(i * gap, j * aside) for i in range(height) for j in range(width)]
        return [
            values[:, top : top + rows : step, left : left + columns : stride]
            for top, left in starts
        ]

    if mode == "max":
        return reduce(jnp.maximum, parts(around(x, -jnp.inf, -jnp.inf)))
    if mode == "l2":
        # The root has no slope at zero.
        return jnp.sqrt(reduce(jnp.add, parts(around(x * x, 0, 0))) + 1e-12)
    total_of = reduce(jnp.add, parts(around(x, 0, 0)))
    if mode == "sum":
        return total_of
    counted = around(jnp.ones_like(x[:1, :, :, :1]), float(count_include_pad), 0)
    return total_of / reduce(jnp.add, parts(counted))
`,
} as const;

/** What a printed project may bring itself. */
export type HelperName = Exclude<keyof typeof sources, 'pair'>;

/** All of them, so that no variable takes one of their names. */
export const helperNames = Object.keys(sources) as readonly (keyof typeof sources)[];

/** Modules that draw no first weights. */
export const sourceless: ReadonlySet<string> = new Set<HelperName>([
  'ClassToken',
  'PReLU',
  'Position',
  'ResponseNorm',
  'ScaleShift',
]);

/** Prints `layers.py` with the given functions and modules, and what they use; null where none is needed. */
export function printHelpers(names: ReadonlySet<string>): string | null {
  const used = helperNames.filter((name) => names.has(name));
  if (used.length === 0) return null;
  const needsPair = used.some((name) => /\bpair\(/.test(sources[name]));
  const code = [...(needsPair ? (['pair'] as const) : []), ...used].map((name) => sources[name]).join('\n\n');
  const uses = (word: string): boolean => new RegExp(`\\b${word}\\b`).test(code);
  const types = [
    ...(uses('Size') ? ['Size = int | tuple[int, int]'] : []),
    ...(uses('Sides') ? ['Sides = tuple[tuple[int, int], tuple[int, int]]'] : []),
  ];
  const own = ['Array', ...(uses('lax\\.') ? ['lax'] : [])].join(', ');
  return [
    '"""Layers that Flax does not have."""',
    '',
    ...(uses('reduce\\(') ? ['from functools import reduce', ''] : []),
    ...(uses('jax\\.') ? ['import jax'] : []),
    ...(uses('jnp\\.') ? ['import jax.numpy as jnp'] : []),
    ...(uses('np\\.') ? ['import numpy as np'] : []),
    ...(uses('nnx\\.') ? ['from flax import nnx'] : []),
    `from jax import ${own}`,
    ...(uses('NDArray') ? ['from numpy.typing import NDArray'] : []),
    '',
    ...(types.length === 0 ? [] : [...types, '']),
    '',
    code,
  ].join('\n');
}
