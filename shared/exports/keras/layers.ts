/** Layers that a printed project brings itself because Keras has none. */
const sources = {
  AdaptivePooling2D: `class AdaptivePooling2D(layers.Layer):
    """Cuts a map of any size into so many windows, and keeps the largest or the mean of each."""

    def __init__(self, mode, output_size, **options):
        super().__init__(**options)
        self.mode, self.output_size = mode, tuple(output_size)

    def call(self, x):
        return self.fold(self.fold(x, 1, self.output_size[0]), 2, self.output_size[1])

    def fold(self, x, axis, count):
        length = ops.shape(x)[axis]
        places = ops.arange(length)
        shape = [1, 1, 1, 1]
        shape[axis] = -1
        parts = []
        for at in range(count):
            inside = ops.logical_and(
                places >= at * length // count, places < ((at + 1) * length + count - 1) // count
            )
            mask = ops.reshape(ops.cast(inside, x.dtype), shape)
            if self.mode == "max":
                parts.append(ops.max(ops.where(mask > 0, x, -3.4e38), axis=axis, keepdims=True))
            else:
                total = ops.sum(x * mask, axis=axis, keepdims=True)
                parts.append(total / ops.sum(mask))
        return ops.concatenate(parts, axis=axis)

    def compute_output_shape(self, shape):
        return (shape[0], *self.output_size, shape[3])

    def get_config(self):
        return {**super().get_config(), "mode": self.mode, "output_size": self.output_size}
`,
  ChannelShuffle: `class ChannelShuffle(layers.Layer):
    """Deals the channels of groups out: the first of each group, then the second of each."""

    def __init__(self, groups, **options):
        super().__init__(**options)
        self.groups = groups

    def call(self, x):
        channels = x.shape[-1]
        order = ops.arange(channels)
        turned = ops.transpose(ops.reshape(order, (self.groups, channels // self.groups)))
        return ops.take(x, ops.reshape(turned, (channels,)), axis=-1)

    def compute_output_shape(self, shape):
        return shape

    def get_config(self):
        return {**super().get_config(), "groups": self.groups}
`,
  ClassToken: `class ClassToken(layers.Layer):
    """Reads a map as a list of positions, behind a learned one."""

    def build(self, shape):
        self.token = self.add_weight(name="token", shape=(shape[-1],), initializer="zeros")

    def call(self, x):
        channels = x.shape[-1]
        (height, width) = ops.shape(x)[1:3]
        positions = ops.reshape(x, (-1, height * width, 1, channels))
        token = ops.zeros_like(positions[:, :1]) + self.token
        return ops.concatenate([token, positions], axis=1)

    def compute_output_shape(self, shape):
        batch, height, width, channels = shape
        positions = None if height is None or width is None else height * width + 1
        return (batch, positions, 1, channels)
`,
  Clip: `class Clip(layers.Layer):
    """Keeps values between bounds, of which one may be left out."""

    def __init__(self, min=None, max=None, **options):
        super().__init__(**options)
        self.min, self.max = min, max

    def call(self, x):
        above = x if self.min is None else ops.maximum(x, self.min)
        return above if self.max is None else ops.minimum(above, self.max)

    def compute_output_shape(self, shape):
        return shape

    def get_config(self):
        return {**super().get_config(), "min": self.min, "max": self.max}
`,
  CropLike2D: `class CropLike2D(layers.Layer):
    """Cuts a map to the height and width of another: from the middle, or from an offset on."""

    def __init__(self, offset=None, **options):
        super().__init__(**options)
        self.offset = offset

    def call(self, inputs):
        x, reference = inputs
        (rows, columns), (height, width) = ops.shape(x)[1:3], ops.shape(reference)[1:3]
        top, left = self.offset or ((rows - height) // 2, (columns - width) // 2)
        return x[:, top : top + height, left : left + width, :]

    def get_config(self):
        return {**super().get_config(), "offset": self.offset}
`,
  DepthToSpace: `class DepthToSpace(layers.Layer):
    """Lays channels out as blocks of positions; "CRD" counts by a block's channels first."""

    def __init__(self, block_size, order="DCR", **options):
        super().__init__(**options)
        self.block_size, self.order = block_size, order

    def call(self, x):
        block = self.block_size
        height, width = ops.shape(x)[1:3]
        channels = x.shape[-1] // block**2
        if self.order == "CRD":
            apart = ops.reshape(x, (-1, height * width, channels, block * block))
            x = ops.transpose(apart, (0, 1, 3, 2))
        rows = ops.reshape(x, (-1, height, width, block, block * channels))
        laid = ops.transpose(rows, (0, 1, 3, 2, 4))
        return ops.reshape(laid, (-1, height * block, width * block, channels))

    def get_config(self):
        return {**super().get_config(), "block_size": self.block_size, "order": self.order}
`,
  LocalResponseNormalization: `class LocalResponseNormalization(layers.Layer):
    """Divides every value by a power of the squares of its channel and its neighbours."""

    def __init__(self, radius, alpha, beta, bias, **options):
        super().__init__(**options)
        self.radius, self.alpha, self.beta, self.bias = radius, alpha, beta, bias

    def call(self, x):
        channels = x.shape[-1]
        squares = ops.square(x)
        total = ops.zeros_like(x)
        for shift in range(-min(self.radius, channels - 1), min(self.radius, channels - 1) + 1):
            kept = squares[..., max(shift, 0) : channels + min(shift, 0)]
            sides = [[0, 0]] * (len(x.shape) - 1) + [[max(-shift, 0), max(shift, 0)]]
            total = total + ops.pad(kept, sides)
        return x * ops.power(self.bias + self.alpha * total, -self.beta)

    def compute_output_shape(self, shape):
        return shape

    def get_config(self):
        names = ("radius", "alpha", "beta", "bias")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
`,
  LogSoftmax: `class LogSoftmax(layers.Layer):
    """The logarithm of a softmax along an axis."""

    def __init__(self, axis, **options):
        super().__init__(**options)
        self.axis = axis

    def call(self, x):
        return ops.log_softmax(x, axis=self.axis)

    def compute_output_shape(self, shape):
        return shape

    def get_config(self):
        return {**super().get_config(), "axis": self.axis}
`,
  MaxUnpooling2D: `class MaxUnpooling2D(layers.Layer):
    """Puts values back where a max pool found the largest of each window, the first of equals."""

    def __init__(self, pool_size, strides, padding=(0, 0, 0, 0), **options):
        super().__init__(**options)
        self.pool_size, self.strides, self.padding = pool_size, strides, padding

    def call(self, inputs):
        x, source = inputs
        (height, width), (step, stride) = self.pool_size, self.strides
        rows, columns, channels = ops.shape(x)[1:]
        top, _, left, _ = self.padding
        lowest = -3.4e38
        room = [[top, rows * step], [left, columns * stride]]
        padded = ops.pad(source, [[0, 0], *room, [0, 0]], constant_values=lowest)

        def values(i, j):
            ends = i + rows * step, j + columns * stride
            return padded[:, i : ends[0] : step, j : ends[1] : stride, :]

        places = [(i, j) for i in range(height) for j in range(width)]
        largest = values(0, 0)
        for i, j in places[1:]:
            largest = ops.maximum(largest, values(i, j))
        free = ops.ones_like(x)
        found = {}
        for i, j in places:
            hit = free * ops.cast(ops.equal(values(i, j), largest), x.dtype)
            found[i, j] = x * hit
            free = free - hit
        none = ops.zeros_like(x)
        lines = [
            ops.stack([found.get((i, j), none) for j in range(stride)], axis=3) for i in range(step)
        ]
        whole = ops.reshape(ops.stack(lines, axis=2), (-1, rows * step, columns * stride, channels))
        length, breadth = ops.shape(source)[1:3]
        room = [[0, 0], [0, length + top], [0, breadth + left], [0, 0]]
        return ops.pad(whole, room)[:, top : top + length, left : left + breadth, :]

    def get_config(self):
        names = ("pool_size", "strides", "padding")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
`,
  Padding2D: `class Padding2D(layers.Layer):
    """Puts rows and columns around a map: a constant, its mirror image, or its edge."""

    def __init__(self, padding, mode, value=0.0, **options):
        super().__init__(**options)
        self.padding, self.mode, self.value = padding, mode, value

    def call(self, x):
        top, bottom, left, right = self.padding
        if self.mode == "edge":
            above = ops.repeat(x[:, :1], top, axis=1)
            below = ops.repeat(x[:, -1:], bottom, axis=1)
            x = ops.concatenate([above, x, below], axis=1)
            before = ops.repeat(x[:, :, :1], left, axis=2)
            after = ops.repeat(x[:, :, -1:], right, axis=2)
            return ops.concatenate([before, x, after], axis=2)
        sides = [[0, 0], [top, bottom], [left, right], [0, 0]]
        if self.mode == "reflect":
            return ops.pad(x, sides, mode="reflect")
        return ops.pad(x, sides, constant_values=self.value)

    def get_config(self):
        names = ("padding", "mode", "value")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
`,
  Position: `class Position(layers.Layer):
    """Adds a learned number to every value of a map."""

    def build(self, shape):
        self.position = self.add_weight(name="position", shape=shape[1:], initializer="zeros")

    def call(self, x):
        return x + self.position

    def compute_output_shape(self, shape):
        return shape
`,
  Resize2D: `class Resize2D(layers.Layer):
    """Resizes a map; what lies outside of it is its edge."""

    def __init__(self, mode, coordinates, size=None, factor=None, **options):
        super().__init__(**options)
        self.mode, self.coordinates = mode, coordinates
        self.size, self.factor = size, factor

    def call(self, x):
        height, width = ops.shape(x)[1:3]
        rows, columns = self.size or (height * self.factor[0], width * self.factor[1])
        x = ops.einsum("bhwc,ph->bpwc", x, self.weights_of(height, rows))
        return ops.einsum("bpwc,qw->bpqc", x, self.weights_of(width, columns))

    def weights_of(self, length, size):
        """What each of \`size\` new values takes of the \`length\` old ones along an axis."""
        places = ops.cast(ops.arange(size), "float32")
        start, stop = ops.cast(length, "float32"), ops.cast(size, "float32")
        if self.coordinates == "alignCorners":
            at = places * (start - 1) / ops.maximum(stop - 1, 1)
        elif self.coordinates == "halfPixel":
            at = (places + 0.5) * start / stop - 0.5
        else:
            at = places * start / stop
        if self.mode == "nearest":
            aligned = self.coordinates == "alignCorners"
            below = (2 * places + 1) * start / (2 * stop)
            nearest = at + 0.5 if aligned else below if self.coordinates == "halfPixel" else at
            shares = [(ops.floor(nearest + 1e-5), ops.ones_like(at))]
        else:
            low = ops.floor(at)
            rest = at - low
            if self.mode == "bilinear":
                shares = [(low, 1 - rest), (low + 1, rest)]
            else:
                steps = (-1, 0, 1, 2)
                shares = [(low + step, cubic(ops.abs(rest - step))) for step in steps]
        total = 0.0
        for place, share in shares:
            inside = ops.cast(ops.clip(place, 0, start - 1), "int32")
            total = total + share[:, None] * ops.one_hot(inside, length)
        return total

    def get_config(self):
        names = ("mode", "coordinates", "size", "factor")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


def cubic(x):
    """Keys' cubic with a sharpness of -0.75, as PyTorch, OpenCV and ONNX take it."""
    near = (1.25 * x - 2.25) * x * x + 1
    far = ((-0.75 * x + 3.75) * x - 6) * x + 3
    return ops.where(x < 1, near, ops.where(x < 2, far, ops.zeros_like(x)))
`,
  ResponseNormalization: `class ResponseNormalization(layers.Layer):
    """Strengthens each channel by how strongly it answers over the whole map, against the mean of all channels."""

    def __init__(self, epsilon=1e-6, **options):
        super().__init__(**options)
        self.epsilon = epsilon

    def build(self, shape):
        self.gamma = self.add_weight(shape=(shape[-1],), initializer="zeros", name="gamma")
        self.beta = self.add_weight(shape=(shape[-1],), initializer="zeros", name="beta")

    def call(self, x):
        # The slope of a root at 0 is infinite.
        strength = ops.sqrt(ops.sum(ops.square(x), axis=(1, 2), keepdims=True) + 1e-24)
        share = strength / (ops.mean(strength, axis=-1, keepdims=True) + self.epsilon)
        return x + self.gamma * (x * share) + self.beta

    def compute_output_shape(self, shape):
        return shape

    def get_config(self):
        return {**super().get_config(), "epsilon": self.epsilon}
`,
  SamePadding2D: `class SamePadding2D(layers.Layer):
    """Zeros around a map so that a window gives its size divided by the stride, rounded up."""

    def __init__(self, kernel_size, strides, dilation_rate, **options):
        super().__init__(**options)
        self.kernel_size, self.strides, self.dilation_rate = kernel_size, strides, dilation_rate

    def call(self, x):
        sides = []
        windows = zip(ops.shape(x)[1:3], self.kernel_size, self.strides, self.dilation_rate)
        for length, size, step, gap in windows:
            span = gap * (size - 1) + 1
            total = at_least(0, (-(-length // step) - 1) * step + span - length)
            sides.append([total // 2, total - total // 2])
        return ops.pad(x, [[0, 0], *sides, [0, 0]])

    def get_config(self):
        names = ("kernel_size", "strides", "dilation_rate")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
`,
  ScaleShift: `class ScaleShift(layers.Layer):
    """Multiplies by numbers and adds others: the same for all values, or a pair for each channel."""

    def __init__(self, scale, shift, learned=None, center=True, **options):
        super().__init__(**options)
        self.start_scale, self.start_shift = scale, shift
        self.learned, self.center = learned, center

    def build(self, shape):
        count = shape[-1] if self.learned == "channel" else 1
        for name, start in (("scale", self.start_scale), ("shift", self.start_shift)):
            values = ops.reshape(ops.convert_to_tensor(start, "float32"), (-1,))
            if self.learned is not None and (self.center or name == "scale"):
                first = ops.broadcast_to(values, (count,))
                values = self.add_weight(
                    name=name, shape=(count,), initializer=lambda *_, first=first, **__: first
                )
            setattr(self, name, values)

    def call(self, x):
        return x * self.scale + self.shift

    def compute_output_shape(self, shape):
        return shape

    def get_config(self):
        given = {"scale": self.start_scale, "shift": self.start_shift}
        kept = {"learned": self.learned, "center": self.center}
        return {**super().get_config(), **given, **kept}
`,
  SelfAttention: `class SelfAttention(layers.Layer):
    """Multi-head self-attention: each position of a map takes from all others."""

    def __init__(self, heads, head_size=None, use_bias=True, output_bias=True, **options):
        super().__init__(**options)
        self.heads, self.head_size = heads, head_size
        self.use_bias, self.output_bias = use_bias, output_bias

    def build(self, shape):
        channels = shape[-1]
        width = self.heads * (self.head_size or channels // self.heads)
        for name, sizes, has_bias in (
            ("qkv", (channels, 3 * width), self.use_bias),
            ("projection", (width, channels), self.output_bias),
        ):
            kernel = self.add_weight(name=name, shape=sizes, initializer="glorot_uniform")
            bias = None
            if has_bias:
                bias = self.add_weight(name=f"{name}_bias", shape=sizes[1:], initializer="zeros")
            setattr(self, name, kernel)
            setattr(self, f"{name}_bias", bias)

    def call(self, x):
        (height, width), channels = ops.shape(x)[1:3], x.shape[-1]
        size = self.head_size or channels // self.heads
        positions = ops.reshape(x, (-1, height * width, channels))
        everything = dense(positions, self.qkv, self.qkv_bias)
        apart = ops.reshape(everything, (-1, height * width, 3, self.heads, size))
        queries, keys, values = (ops.transpose(apart[:, :, at], (0, 2, 1, 3)) for at in range(3))
        scores = ops.matmul(queries, ops.transpose(keys, (0, 1, 3, 2))) / size**0.5
        mixed = ops.transpose(ops.matmul(ops.softmax(scores, axis=-1), values), (0, 2, 1, 3))
        together = ops.reshape(mixed, (-1, height * width, self.heads * size))
        result = dense(together, self.projection, self.projection_bias)
        return ops.reshape(result, (-1, height, width, channels))

    def compute_output_shape(self, shape):
        return shape

    def get_config(self):
        names = ("heads", "head_size", "use_bias", "output_bias")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


def dense(x, kernel, bias):
    """A product with a kernel, plus a bias where there is one."""
    product = ops.matmul(x, kernel)
    return product if bias is None else product + bias
`,
  Slice: `class Slice(layers.Layer):
    """Takes a run of rows, columns or channels."""

    def __init__(self, axis, start, stop=None, **options):
        super().__init__(**options)
        self.axis, self.start, self.stop = axis, start, stop

    def call(self, x):
        return x[(slice(None),) * self.axis + (slice(self.start, self.stop),)]

    def get_config(self):
        names = ("axis", "start", "stop")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
`,
  SpaceToDepth: `class SpaceToDepth(layers.Layer):
    """Stacks blocks of positions as channels; "CRD" counts by a block's channels first."""

    def __init__(self, block_size, order="DCR", **options):
        super().__init__(**options)
        self.block_size, self.order = block_size, order

    def call(self, x):
        block, channels = self.block_size, x.shape[-1]
        height, width = ops.shape(x)[1:3]
        rows, columns = height // block, width // block
        cut = ops.reshape(x, (-1, rows, block, columns, block * channels))
        deep = ops.transpose(cut, (0, 1, 3, 2, 4))
        if self.order == "CRD":
            apart = ops.reshape(deep, (-1, rows * columns, block * block, channels))
            deep = ops.transpose(apart, (0, 1, 3, 2))
        return ops.reshape(deep, (-1, rows, columns, block * block * channels))

    def get_config(self):
        return {**super().get_config(), "block_size": self.block_size, "order": self.order}
`,
  StandardizedConv2D: `class StandardizedConv2D(layers.Conv2D):
    """A convolution whose filters are brought to mean 0 and variance 1 before they are used."""

    def convolution_op(self, inputs, kernel):
        mean, variance = ops.moments(kernel, (0, 1, 2), keepdims=True)
        return super().convolution_op(inputs, (kernel - mean) / ops.sqrt(variance + 1e-6))
`,
  Subsample2D: `class Subsample2D(layers.Layer):
    """Keeps every so many rows and columns."""

    def __init__(self, strides, **options):
        super().__init__(**options)
        self.strides = strides

    def call(self, x):
        return x[:, :: self.strides[0], :: self.strides[1], :]

    def get_config(self):
        return {**super().get_config(), "strides": self.strides}
`,
  UnscaledRMSNormalization: `class UnscaledRMSNormalization(layers.Layer):
    """Divides the channels of each position by the root of the mean of their squares."""

    def __init__(self, epsilon=1e-6, **options):
        super().__init__(**options)
        self.epsilon = epsilon

    def call(self, x):
        return x / ops.sqrt(ops.mean(ops.square(x), axis=-1, keepdims=True) + self.epsilon)

    def compute_output_shape(self, shape):
        return shape

    def get_config(self):
        return {**super().get_config(), "epsilon": self.epsilon}
`,
  UpConv2D: `class UpConv2D(layers.Layer):
    """A transposed convolution with gaps, groups, or ends that Keras' own has not."""

    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        dilation_rate=1,
        groups=1,
        cut=((0, 0), (0, 0)),
        use_bias=True,
        activation=None,
        kernel_initializer="glorot_uniform",
        **options,
    ):
        super().__init__(**options)
        self.filters, self.groups, self.cut = filters, groups, cut
        self.kernel_size, self.strides = pair(kernel_size), pair(strides)
        self.dilation_rate, self.use_bias = pair(dilation_rate), use_bias
        self.activation = keras.activations.get(activation)
        self.kernel_initializer = initializers.get(kernel_initializer)

    def build(self, shape):
        kernel = (*self.kernel_size, self.filters // self.groups, shape[-1])
        self.kernel = self.add_weight(
            name="kernel", shape=kernel, initializer=self.kernel_initializer
        )
        if self.use_bias:
            self.bias = self.add_weight(name="bias", shape=(self.filters,), initializer="zeros")

    def call(self, x):
        height, width, filters, channels = self.kernel.shape
        inner = channels // self.groups
        grouped = ops.reshape(self.kernel, (height, width, filters, self.groups, inner))
        turned = ops.transpose(ops.flip(grouped, (0, 1)), (0, 1, 4, 3, 2))
        kernel = ops.reshape(turned, (height, width, inner, self.filters))
        (rows, columns), (step, stride) = ops.shape(x)[1:3], self.strides
        apart = ops.reshape(x, (-1, rows, 1, columns, 1, channels))
        gaps = [[0, 0], [0, 0], [0, step - 1], [0, 0], [0, stride - 1], [0, 0]]
        wide = ops.reshape(ops.pad(apart, gaps), (-1, rows * step, columns * stride, channels))
        wide = wide[:, : (rows - 1) * step + 1, : (columns - 1) * stride + 1, :]
        spans = [gap * (size - 1) for gap, size in zip(self.dilation_rate, self.kernel_size)]
        around = [[span, span] for span in spans]
        full = ops.conv(
            ops.pad(wide, [[0, 0], *around, [0, 0]]), kernel, dilation_rate=self.dilation_rate
        )
        (top, bottom), (left, right) = self.cut
        extra = [[0, max(-bottom, 0)], [0, max(-right, 0)]]
        (rows, columns) = ops.shape(full)[1:3]
        cut = full[:, top : rows - max(bottom, 0), left : columns - max(right, 0), :]
        result = ops.pad(cut, [[0, 0], *extra, [0, 0]])
        return self.activation(result + self.bias if self.use_bias else result)

    def get_config(self):
        names = ("filters", "kernel_size", "strides", "dilation_rate", "groups", "cut", "use_bias")
        given = {
            "activation": keras.activations.serialize(self.activation),
            "kernel_initializer": initializers.serialize(self.kernel_initializer),
        }
        kept = {name: getattr(self, name) for name in names}
        return {**super().get_config(), **kept, **given}
`,
  WindowPooling2D: `class WindowPooling2D(layers.Layer):
    """Pools by the rules that Keras' own pools lack: any padding, gaps, sums, and L2.

    Padding is top, bottom, left, right; or "same", TensorFlow's rule.
    """

    def __init__(
        self,
        mode,
        pool_size,
        strides,
        padding=(0, 0, 0, 0),
        dilation_rate=1,
        ceil=False,
        count_include_pad=False,
        **options,
    ):
        super().__init__(**options)
        self.mode, self.padding, self.ceil = mode, padding, ceil
        self.pool_size, self.strides = pair(pool_size), pair(strides)
        self.dilation_rate, self.count_include_pad = pair(dilation_rate), count_include_pad

    def call(self, x):
        counts, inner, outer = [], [], []
        windows = zip(ops.shape(x)[1:3], self.pool_size, self.strides, self.dilation_rate)
        for axis, (length, size, step, gap) in enumerate(windows):
            span = gap * (size - 1) + 1
            if self.padding == "same":
                count = -(-length // step)
                total = at_least(0, (count - 1) * step + span - length)
                before, after = total // 2, total - total // 2
            else:
                before, after = self.padding[2 * axis : 2 * axis + 2]
                room = length + before + after - span
                count = (-(-room // step) if self.ceil else room // step) + 1
                if self.ceil:
                    # The last window must start inside the map or the padding before it.
                    count = at_most(count, (length + before - 1) // step + 1)
            counts.append(count)
            inner.append([before, after])
            outer.append([0, at_least(0, (count - 1) * step + span - length - before - after)])

        def around(values, filling, overhang):
            padded = ops.pad(values, [[0, 0], *inner, [0, 0]], constant_values=filling)
            return ops.pad(padded, [[0, 0], *outer, [0, 0]], constant_values=overhang)

        def fold(values, combine):
            (rows, columns), (step, stride) = counts, self.strides
            result = None
            for i in range(self.pool_size[0]):
                for j in range(self.pool_size[1]):
                    top, left = i * self.dilation_rate[0], j * self.dilation_rate[1]
                    bottom, right = top + (rows - 1) * step + 1, left + (columns - 1) * stride + 1
                    part = values[:, top:bottom:step, left:right:stride, :]
                    result = part if result is None else combine(result, part)
            return result

        if self.mode == "max":
            return fold(around(x, -3.4e38, -3.4e38), ops.maximum)
        if self.mode == "l2":
            # The root has no slope at zero.
            return ops.sqrt(fold(around(ops.square(x), 0, 0), ops.add) + 1e-12)
        total = fold(around(x, 0, 0), ops.add)
        if self.mode == "sum":
            return total
        counted = around(ops.ones_like(x[:, :, :, :1]), float(self.count_include_pad), 0)
        return total / fold(counted, ops.add)

    def get_config(self):
        names = (
            "mode",
            "pool_size",
            "strides",
            "padding",
            "dilation_rate",
            "ceil",
            "count_include_pad",
        )
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
`,
} as const;

/** What the layers share. */
const shared = {
  pair: `def pair(size):
    """A size as height and width."""
    return tuple(size) if isinstance(size, (tuple, list)) else (size, size)
`,
  at_least: `def at_least(least, value):
    """The larger of a number and one that may be known only when the network runs."""
    return max(least, value) if isinstance(value, int) else ops.maximum(least, value)
`,
  at_most: `def at_most(value, most):
    """The smaller of two numbers that may be known only when the network runs."""
    return min(value, most) if isinstance(most, int) else ops.minimum(value, most)
`,
} as const;

export type LayerName = keyof typeof sources;

/** All of them, so that no variable takes one of their names. */
export const layerNames = Object.keys(sources) as readonly LayerName[];

/** Prints `custom_layers.py` with the given layers, and what they use; null where none is needed. */
export function printLayers(names: ReadonlySet<string>): string | null {
  const used = layerNames.filter((name) => names.has(name));
  if (used.length === 0) return null;
  const registered = used.map(
    (name) => `@keras.saving.register_keras_serializable(package="convloom")\n${sources[name]}`,
  );
  const code = registered.join('\n\n');
  const helpers = Object.entries(shared).flatMap(([name, text]) => (code.includes(`${name}(`) ? [text] : []));
  const modules = ['initializers', 'layers', 'ops'].filter((name) =>
    [...helpers, code].some((one) => one.includes(`${name}.`)),
  );
  return [
    '"""Layers that Keras does not have."""',
    '',
    'import keras',
    `from keras import ${modules.join(', ')}`,
    '',
    '',
    [...helpers, code].join('\n\n'),
  ].join('\n');
}
