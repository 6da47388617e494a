/** Functions and modules that a printed project brings itself because PyTorch has none; each with those of them that it uses. */
const sources = {
  pair: `def pair(size: Size) -> tuple[int, int]:
    """A size as height and width."""
    return (size, size) if isinstance(size, int) else size
`,
  ClassToken: `class ClassToken(nn.Module):
    """Reads a map as a list of positions, behind a learned one."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.token = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        token = self.token.reshape(1, -1, 1).expand(x.shape[0], -1, -1)
        return torch.cat([token, x.flatten(2)], 2).unsqueeze(3)
`,
  DropPath: `class DropPath(nn.Module):
    """Drops all values of a sample or none while training, at the end of a branch."""

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p

    def forward(self, x: Tensor) -> Tensor:
        kept = x.new_ones((x.shape[0], *(1 for _ in x.shape[1:])))
        return x * F.dropout(kept, self.p) if self.training else x
`,
  FrozenBatchNorm: `class FrozenBatchNorm(nn.BatchNorm2d):
    """Batch normalization that keeps its statistics, in training too; of maps and of lists."""

    def forward(self, x: Tensor) -> Tensor:
        mean, variance = self.running_mean, self.running_var
        return F.batch_norm(x, mean, variance, self.weight, self.bias, eps=self.eps)
`,
  LayerNorm2d: `class LayerNorm2d(nn.LayerNorm):
    """Normalizes every position of a map over its channels."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
`,
  Position: `class Position(nn.Module):
    """Adds a learned number to every value of a map."""

    def __init__(self, channels: int, height: int, width: int) -> None:
        super().__init__()
        self.position = nn.Parameter(torch.zeros(channels, height, width))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.position
`,
  RMSNorm2d: `class RMSNorm2d(nn.RMSNorm):
    """Divides every position of a map by the root of the mean of the squares of its channels."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
`,
  ResponseNorm2d: `class ResponseNorm2d(nn.Module):
    """Strengthens each channel by how strongly it answers over the whole map, against the mean of all channels."""

    def __init__(self, channels: int, eps: float = 1e-6) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        # The slope of a root at 0 is infinite.
        strength = (x.square().sum((2, 3), keepdim=True) + 1e-24).sqrt()
        share = strength / (strength.mean(1, keepdim=True) + self.eps)
        weight, bias = self.weight.view(-1, 1, 1), self.bias.view(-1, 1, 1)
        return x + weight * (x * share) + bias
`,
  ScaleShift: `class ScaleShift(nn.Module):
    """Multiplies by numbers and adds others: the same for all values, or a pair for each channel."""

    scale: Tensor
    shift: Tensor

    def __init__(
        self,
        *,
        scale: float | tuple[float, ...],
        shift: float | tuple[float, ...],
        channels: int = 1,
        learned: bool = True,
        center: bool = True,
    ) -> None:
        super().__init__()
        for name, values in (("scale", scale), ("shift", shift)):
            given = torch.tensor(values, dtype=torch.float32).reshape(-1)
            start = given.repeat(channels) if given.numel() == 1 else given
            if learned and (center or name == "scale"):
                self.register_parameter(name, nn.Parameter(start))
            else:
                self.register_buffer(name, start, persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        shape = (1, -1, *(1 for _ in x.shape[2:]))
        return x * self.scale.reshape(shape) + self.shift.reshape(shape)
`,
  SelfAttention: `class SelfAttention(nn.Module):
    """Multi-head self-attention: each position of a map takes from all others."""

    def __init__(
        self,
        channels: int,
        heads: int,
        *,
        head_size: int | None = None,
        bias: bool = True,
        output_bias: bool = True,
    ) -> None:
        super().__init__()
        width = heads * (head_size or channels // heads)
        self.heads = heads
        self.qkv = nn.Linear(channels, 3 * width, bias=bias)
        self.proj = nn.Linear(width, channels, bias=output_bias)

    def forward(self, x: Tensor) -> Tensor:
        batch, channels, height, width = x.shape
        tokens = x.flatten(2).transpose(1, 2)
        parts = self.qkv(tokens).reshape(batch, height * width, 3, self.heads, -1)
        queries, keys, values = parts.permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(queries, keys, values)
        together: Tensor = self.proj(mixed.transpose(1, 2).flatten(2))
        return together.transpose(1, 2).reshape(batch, channels, height, width)
`,
  StandardizedConv2d: `class StandardizedConv2d(nn.Conv2d):
    """A convolution whose filters are brought to mean 0 and variance 1 before they are used."""

    def forward(self, input: Tensor) -> Tensor:
        variance, mean = torch.var_mean(self.weight, (1, 2, 3), correction=0, keepdim=True)
        weight = (self.weight - mean) / torch.sqrt(variance + 1e-6)
        output: Tensor = self._conv_forward(input, weight, self.bias)
        return output
`,
  crop_like: `def crop_like(x: Tensor, reference: Tensor, offset: tuple[int, int] | None = None) -> Tensor:
    """Cuts a map to the height and width of another: from the middle, or from an offset on."""
    height, width = reference.shape[2:]
    if offset is None:
        offset = ((x.shape[2] - height) // 2, (x.shape[3] - width) // 2)
    top, left = offset
    return x[:, :, top : top + height, left : left + width]
`,
  depth_to_space: `def depth_to_space(x: Tensor, block_size: int) -> Tensor:
    """Lays channels out as blocks of positions, all channels of a place together."""
    batch, depth, height, width = x.shape
    channels = depth // block_size**2
    apart = x.reshape(batch, block_size, block_size, channels, height, width)
    laid = apart.permute(0, 3, 4, 1, 5, 2)
    return laid.reshape(batch, channels, height * block_size, width * block_size)
`,
  max_unpool2d: `def max_unpool2d(
    x: Tensor,
    source: Tensor,
    kernel_size: Size,
    stride: Size | None = None,
    padding: tuple[int, int, int, int] = (0, 0, 0, 0),
) -> Tensor:
    """Puts values back where the max pool of \`source\` found the largest of each window."""
    top, bottom, left, right = padding
    padded = F.pad(source, (left, right, top, bottom), value=float("-inf"))
    _, places = F.max_pool2d(padded, kernel_size, stride, return_indices=True)
    flat = torch.zeros_like(padded).flatten(2).scatter(2, places.flatten(2), x.flatten(2))
    return F.pad(flat.reshape(padded.shape), (-left, -right, -top, -bottom))
`,
  pad_same: `def pad_same(x: Tensor, kernel_size: Size, stride: Size, dilation: Size = 1) -> Tensor:
    """Zeros around a map so that a window gives its size divided by the stride, rounded up.

    An odd zero goes to the bottom and to the right, as in TensorFlow.
    """
    sides: list[int] = []
    windows = zip(x.shape[2:], pair(kernel_size), pair(stride), pair(dilation), strict=True)
    for length, size, step, gap in windows:
        span = gap * (size - 1) + 1
        total = max((-(-length // step) - 1) * step + span - length, 0)
        sides = [total // 2, total - total // 2, *sides]
    return F.pad(x, sides)
`,
  reshape: `def reshape(x: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Another shape, given as height, width and channels: values keep their order by rows."""
    rows = x.permute(0, 2, 3, 1) if x.dim() == 4 else x
    shaped = rows.reshape(x.shape[0], *shape)
    return shaped.permute(0, 3, 1, 2) if shaped.dim() == 4 else shaped
`,
  resize: `def resize_weights(length: int, size: int, mode: str, coordinates: str) -> Tensor:
    """What each of \`size\` new values takes of the \`length\` old ones along an axis."""
    places = torch.arange(size, dtype=torch.float64)
    if coordinates == "alignCorners":
        at = places * ((length - 1) / max(size - 1, 1))
    elif coordinates == "halfPixel":
        at = (places + 0.5) * length / size - 0.5
    else:
        at = places * length / size
    if mode == "nearest":
        low = torch.floor(at + 0.5) if coordinates == "alignCorners" else torch.floor(at + 1e-9)
        shares = [(low, torch.ones_like(at))]
    else:
        low = torch.floor(at)
        rest = at - low
        if mode == "bilinear":
            shares = [(low, 1 - rest), (low + 1, rest)]
        else:
            shares = [(low + step, cubic((rest - step).abs())) for step in (-1, 0, 1, 2)]
    weights = torch.zeros(size, length, dtype=torch.float64)
    for place, share in shares:
        index = place.clamp(0, length - 1).long()[:, None]
        weights.scatter_add_(1, index, share[:, None])
    return weights


def cubic(x: Tensor) -> Tensor:
    """Keys' cubic with a sharpness of -0.75, as PyTorch, OpenCV and ONNX take it."""
    near = (1.25 * x - 2.25) * x * x + 1
    far = ((-0.75 * x + 3.75) * x - 6) * x + 3
    return torch.where(x < 1, near, torch.where(x < 2, far, torch.zeros_like(x)))


def resize(
    x: Tensor,
    *,
    coordinates: str,
    size: tuple[int, int] | None = None,
    scale_factor: Size = 1,
    mode: str = "nearest",
) -> Tensor:
    """Resizes by rules of coordinates that PyTorch has none for."""
    height, width = x.shape[2:]
    if size is None:
        times = pair(scale_factor)
        size = (height * times[0], width * times[1])
    rows = resize_weights(height, size[0], mode, coordinates).to(x)
    columns = resize_weights(width, size[1], mode, coordinates).to(x)
    return torch.einsum("ph,bchw,qw->bcpq", rows, x, columns)
`,
  space_to_depth: `def space_to_depth(x: Tensor, block_size: int) -> Tensor:
    """Stacks blocks of positions as channels, all channels of a place together."""
    batch, channels, height, width = x.shape
    rows, columns = height // block_size, width // block_size
    cut = x.reshape(batch, channels, rows, block_size, columns, block_size)
    return cut.permute(0, 3, 5, 1, 2, 4).reshape(batch, -1, rows, columns)
`,
  window_pool2d: `def window_pool2d(
    x: Tensor,
    *,
    mode: str,
    kernel_size: Size,
    stride: Size,
    padding: str | tuple[int, int, int, int] = (0, 0, 0, 0),
    dilation: Size = 1,
    ceil_mode: bool = False,
    count_include_pad: bool = False,
) -> Tensor:
    """Pools by the rules that PyTorch's own pools lack: any padding, gaps, sums, and L2.

    Padding is top, bottom, left, right; or "same", TensorFlow's rule.
    """
    inner: list[int] = []
    outer: list[int] = []
    windows = zip(x.shape[2:], pair(kernel_size), pair(stride), pair(dilation), strict=True)
    for axis, (length, size, step, gap) in enumerate(windows):
        span = gap * (size - 1) + 1
        if isinstance(padding, str):
            count = -(-length // step)
            total = max((count - 1) * step + span - length, 0)
            before, after = total // 2, total - total // 2
        else:
            before, after = padding[2 * axis], padding[2 * axis + 1]
            room = length + before + after - span
            count = (-(-room // step) if ceil_mode else room // step) + 1
            if ceil_mode and (count - 1) * step >= length + before:
                count -= 1
        inner = [before, after, *inner]
        # The last window may hang over the padding, or leave some of it out.
        outer = [0, (count - 1) * step + span - length - before - after, *outer]

    def around(values: Tensor, filling: float, overhang: float) -> Tensor:
        return F.pad(F.pad(values, inner, value=filling), outer, value=overhang)

    def window_sum(values: Tensor) -> Tensor:
        channels = values.shape[1]
        ones = values.new_ones(channels, 1, *pair(kernel_size))
        return F.conv2d(values, ones, stride=stride, dilation=dilation, groups=channels)

    if mode == "max":
        lowest = float("-inf")
        padded = around(x, lowest, lowest)
        return F.max_pool2d(padded, kernel_size, stride, dilation=dilation)
    if mode == "l2":
        # The root has no slope at zero.
        return torch.sqrt(window_sum(around(x * x, 0, 0)) + 1e-12)
    total_of = window_sum(around(x, 0, 0))
    if mode == "sum":
        return total_of
    counted = around(torch.ones_like(x[:1, :1]), float(count_include_pad), 0)
    return total_of / window_sum(counted)
`,
} as const;

/** What a printed project may bring itself. */
export type HelperName = Exclude<keyof typeof sources, 'pair'>;

/** All of them, so that no variable takes one of their names. */
export const helperNames = Object.keys(sources) as readonly (keyof typeof sources)[];

/** Prints `layers.py` with the given functions and modules, and what they use; null where none is needed. */
export function printHelpers(names: ReadonlySet<string>): string | null {
  const used = helperNames.filter((name) => names.has(name));
  if (used.length === 0) return null;
  const needsPair = used.some((name) => /\bpair\(/.test(sources[name]));
  const code = [...(needsPair ? (['pair'] as const) : []), ...used].map((name) => sources[name]).join('\n\n');
  const needsSize = /\bSize\b/.test(code);
  const uses = (word: string): boolean => new RegExp(`\\b${word}\\.`).test(code);
  return [
    '"""Layers that PyTorch does not have."""',
    '',
    ...(uses('torch') ? ['import torch'] : []),
    `from torch import Tensor${uses('nn') ? ', nn' : ''}`,
    ...(uses('F') ? ['from torch.nn import functional as F'] : []),
    '',
    ...(needsSize ? ['Size = int | tuple[int, int]', ''] : []),
    '',
    code,
  ].join('\n');
}
