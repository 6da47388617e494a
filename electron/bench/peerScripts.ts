/**
 * The same networks in Python, for PyTorch and Keras as those who know them would write them. Networks come in plain terms
 * (`PeerLayer`), one JSON value on the first line of the input.
 */
const networks = `
import json, os, signal, sys, time
spec = json.loads(sys.stdin.readline())
half = spec["precision"] == "bfloat16"

def torch_net(layers):
    import torch
    from torch import nn
    import torch.nn.functional as F
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            made = {}
            for l in layers:
                i, o, k, f = l["inputShape"], l["outputShape"], l["kernel"], l["filters"]
                kind = l["kind"]
                if kind == "conv":
                    t, b, w, r = l["pads"]
                    made[l["id"]] = nn.Conv2d(i[2], f, k, l["strides"], padding=(t, w) if t == b and w == r else 0, dilation=l["dilation"], groups=l["groups"], bias=l["useBias"])
                elif kind == "upconv": made[l["id"]] = nn.ConvTranspose2d(i[2], f, k, l["strides"], bias=l["useBias"])
                elif kind == "fc":
                    n = 1
                    for d in i: n *= d
                    made[l["id"]] = nn.Linear(n, f, bias=l["useBias"])
                elif kind == "batchnorm": made[l["id"]] = nn.BatchNorm2d(o[2])
                elif kind == "dropout": made[l["id"]] = nn.Dropout(l["rate"])
            self.made = nn.ModuleDict({k.replace(".", "_"): v for k, v in made.items()})
        def forward(self, x):
            values = {}
            for l in layers:
                kind, ins = l["kind"], [values[i] for i in l["inputs"]]
                a = ins[0] if ins else x
                t, b, w, r = l["pads"]
                own = self.made[l["id"].replace(".", "_")] if l["id"].replace(".", "_") in self.made else None
                if kind in ("conv", "pool") and not (kind == "conv" and t == b and w == r) and any(l["pads"]):
                    a = F.pad(a, (w, r, t, b), value=float("-inf") if kind == "pool" and l["mode"] == "max" else 0.0)
                if kind == "input": y = x
                elif kind == "pool": y = F.avg_pool2d(a, l["kernel"], l["strides"]) if l["mode"] == "avg" else F.max_pool2d(a, l["kernel"], l["strides"])
                elif kind == "fc": y = own(a.flatten(1))
                elif kind == "gap": y = a.mean((2, 3))
                elif kind == "flatten": y = a.flatten(1)
                elif kind == "add": y = sum(ins[1:], ins[0])
                elif kind == "concat": y = torch.cat(ins, 1)
                elif kind == "activation": y = a
                else: y = own(a)
                if l["activation"] == "relu": y = F.relu(y)
                values[l["id"]] = y
            return y
    return Net()

def torch_device():
    import torch
    torch.set_num_threads(spec["threads"])
    if not torch.cuda.is_available(): return torch.device("cpu"), "CPU, %d threads" % torch.get_num_threads()
    torch.backends.cudnn.benchmark = True
    return torch.device("cuda"), torch.cuda.get_device_name()

# One kernel for all weights, where this version of torch and this device have it.
def torch_adam(parameters, rate):
    import torch
    parameters = list(parameters)
    try: return torch.optim.Adam(parameters, rate, fused=True), "fused Adam"
    except (RuntimeError, TypeError): return torch.optim.Adam(parameters, rate), "Adam"

def keras_setup():
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import keras, tensorflow as tf
    tf.config.threading.set_intra_op_parallelism_threads(spec["threads"])
    if half: keras.mixed_precision.set_global_policy("mixed_bfloat16")
    gpus = tf.config.list_physical_devices("GPU")
    device = tf.config.experimental.get_device_details(gpus[0]).get("device_name", "GPU") if gpus else "CPU, %d threads" % tf.config.threading.get_intra_op_parallelism_threads()
    return keras, tf, device

def keras_net(keras, layers):
    L, values = keras.layers, {}
    for l in layers:
        kind, ins = l["kind"], [values[i] for i in l["inputs"]]
        a, act = (ins[0] if ins else None), ("relu" if l["activation"] == "relu" else None)
        t, b, w, r = l["pads"]
        padding = "same" if l["same"] else "valid"
        if kind in ("conv", "pool") and any(l["pads"]) and not l["same"]: a = L.ZeroPadding2D(((t, b), (w, r)))(a)
        if kind == "input": y = keras.Input(l["outputShape"])
        # Keras' grouped convolutions do not train on a CPU; the depthwise one is a layer of its own.
        elif kind == "conv" and l["groups"] > 1 and l["groups"] == l["inputShape"][2] == l["filters"]:
            y = L.DepthwiseConv2D(l["kernel"], l["strides"], padding, activation=act, use_bias=l["useBias"], dilation_rate=l["dilation"])(a)
        elif kind == "conv": y = L.Conv2D(l["filters"], l["kernel"], l["strides"], padding, activation=act, use_bias=l["useBias"], dilation_rate=l["dilation"], groups=l["groups"])(a)
        elif kind == "upconv": y = L.Conv2DTranspose(l["filters"], l["kernel"], l["strides"], padding, activation=act, use_bias=l["useBias"])(a)
        elif kind == "pool": y = (L.AveragePooling2D if l["mode"] == "avg" else L.MaxPooling2D)(l["kernel"], l["strides"], padding)(a)
        elif kind == "fc": y = L.Dense(l["filters"], activation=act, use_bias=l["useBias"])(L.Flatten()(a) if len(l["inputShape"]) > 1 else a)
        elif kind == "gap": y = L.GlobalAveragePooling2D()(a)
        elif kind == "flatten": y = L.Flatten()(a)
        elif kind == "add": y = L.Add()(ins)
        elif kind == "concat": y = L.Concatenate()(ins)
        elif kind == "batchnorm": y = L.BatchNormalization()(a)
        elif kind == "dropout": y = L.Dropout(l["rate"])(a)
        else: y = L.Activation(act or "linear")(a)
        values[l["id"]] = y
    return keras.Model(values[layers[0]["id"]], y)

def reply(message): print(json.dumps(message), flush=True)
def answer(work):
    # Ctrl-C reaches every process of a terminal; the benchmark decides what it means, and ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try: work()
    except ModuleNotFoundError as error: reply({"type": "cannot", "why": "this Python has no %s; pip can install it there" % error.name})
    except Exception as error: reply({"type": "cannot", "why": "%s: %s" % (type(error).__name__, str(error)[:300])})
`;

/** Steps on one random batch, and the roof: answers one request a line. */
export const stepScript = `${networks}
try: import resource
except ImportError: resource = None
# In kilobytes, of the process itself on Linux, as getrusage begins with what its parent had; bytes on macOS; Windows does not tell.
def peak():
    try:
        with open("/proc/self/status") as status: return next(int(l.split()[1]) for l in status if l.startswith("VmHWM")) * 1024
    except (OSError, StopIteration): pass
    return 0 if resource is None else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)

# Each way is a function that makes the step; the first is made at once, the others are tried before the first turn.
def torch_ways():
    import torch
    import torch.nn.functional as F
    torch.manual_seed(1)
    where, device = torch_device()
    layers, batch, classes, dense = spec["layers"], spec["batchSize"], spec["classCount"], spec["segmentation"]
    shape = layers[0]["outputShape"]
    pixels = torch.rand(batch, shape[2], shape[0], shape[1]).to(where)
    y = torch.randint(0, classes, (batch, shape[0], shape[1]) if dense else (batch,)).to(where)
    adam = torch_adam([torch.zeros(1, requires_grad=True, device=where)], 1e-3)[1]
    def way(layout, compiled):
        net = torch_net(layers).to(where, memory_format=layout)
        x = pixels.to(memory_format=layout)
        optimizer, _ = torch_adam(net.parameters(), 1e-3)
        def loss_of():
            with torch.autocast(where.type, torch.bfloat16, enabled=half): scores = net(x)
            return F.cross_entropy(scores.float(), y)
        loss_now = torch.compile(loss_of) if compiled else loss_of
        def step():
            optimizer.zero_grad()
            loss = loss_now()
            loss.backward()
            optimizer.step()
            return loss.item()
        return step
    last, plain = torch.channels_last, torch.contiguous_format
    ways = [("channels_last, " + adam, lambda: way(last, False)), (adam, lambda: way(plain, False)), ("compiled, channels_last, " + adam, lambda: way(last, True))]
    return ways, device, "torch " + torch.__version__

def keras_ways():
    keras, tf, device = keras_setup()
    layers, batch, classes, dense = spec["layers"], spec["batchSize"], spec["classCount"], spec["segmentation"]
    shape = layers[0]["outputShape"]
    x = tf.random.uniform([batch] + shape)
    y = tf.random.uniform([batch, shape[0], shape[1]] if dense else [batch], 0, classes, tf.int32)
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    def way(jit):
        net = keras_net(keras, layers)
        optimizer = keras.optimizers.Adam()
        optimizer.build(net.trainable_variables)
        @tf.function(jit_compile=jit)
        def one():
            with tf.GradientTape() as tape: loss = loss_of(y, tf.cast(net(x, training=True), tf.float32))
            optimizer.apply_gradients(zip(tape.gradient(loss, net.trainable_variables), net.trainable_variables))
            return loss
        return lambda: float(one())
    ways = [("tf.function", lambda: way(False)), ("tf.function with jit_compile", lambda: way(True))]
    return ways, device, "keras " + keras.__version__ + ", tensorflow " + tf.__version__

class Late(Exception): pass
def too_late(*_): raise Late()
def fastest(steps, ways):
    def trial(step):
        step(); step()
        times = []
        for _ in range(3):
            begin = time.perf_counter(); step(); times.append(time.perf_counter() - begin)
        return min(times)
    name, make = ways[0]
    best, how = trial(steps), name
    for name, make in ways[1:]:
        # A compiler that is not there, or takes minutes for a step of milliseconds, is no way to be fastest.
        if hasattr(signal, "SIGALRM"): signal.signal(signal.SIGALRM, too_late); signal.alarm(60)
        try:
            step = make()
            took = trial(step)
            if took < best: best, steps, how = took, step, name
        except Exception: pass
        finally:
            if hasattr(signal, "SIGALRM"): signal.alarm(0)
    return steps, how

def seconds_of(work, turn):
    work()
    times, end = [], time.perf_counter() + turn / 1000
    while len(times) < 3 or time.perf_counter() < end:
        begin = time.perf_counter(); work(); times.append(time.perf_counter() - begin)
    return times

def torch_roof():
    import torch
    where, _ = torch_device()
    def product(size, dtype):
        a, b = (torch.rand(size, size, device=where).to(dtype) for _ in range(2))
        return lambda: (a @ b)[0, 0].item()
    x = torch.rand(2 ** 26, device=where)
    y = torch.rand_like(x)
    return [("float32", lambda size: product(size, torch.float32)), ("bfloat16", lambda size: product(size, torch.bfloat16))], lambda: y.copy_(x)[0].item()

def keras_roof():
    _, tf, _ = keras_setup()
    def product(size, dtype):
        a, b = (tf.cast(tf.random.uniform([size, size]), dtype) for _ in range(2))
        return lambda: tf.matmul(a, b)[0, 0].numpy()
    x = tf.random.uniform([2 ** 26])
    return [("float32", lambda size: product(size, tf.float32)), ("bfloat16", lambda size: product(size, tf.bfloat16))], lambda: tf.nn.relu(x)[0].numpy()

def roof():
    products, copy = torch_roof() if spec["framework"] == "pytorch" else keras_roof()
    rows = []
    for precision, product in products:
        size, best = 512, 0
        while size <= 8192:
            seconds = seconds_of(product(size), spec["turnMs"])
            rates = [2 * size ** 3 / s / 1e9 for s in seconds]
            rows.append({"precision": precision, "size": size, "gflops": rates})
            if max(rates) < 1.02 * best or 8 * min(seconds) > 1: break
            best, size = max(rates), size * 2
    bytes = 4 * 2 ** 26
    reply({"type": "roof", "products": rows, "copies": [{"bytes": bytes, "gigabytesPerSecond": [2 * bytes / s / 1e9 for s in seconds_of(copy, spec["turnMs"])]}]})

def work():
    if spec["type"] == "roof": return roof()
    ways, device, version = torch_ways() if spec["framework"] == "pytorch" else keras_ways()
    step, how = ways[0][1](), None
    reply({"type": "ready", "device": device, "version": version, "loss": step()})
    for line in sys.stdin:
        if how is None: step, how = fastest(step, ways)
        times = []
        for _ in range(json.loads(line)["count"]):
            begin = time.perf_counter()
            step()
            times.append((time.perf_counter() - begin) * 1000)
        reply({"type": "times", "stepsMs": times, "peakBytes": peak(), "how": how})
answer(work)
`;

/** A whole run on the built-in digits by a recipe of the benchmark; tells each epoch's validation as soon as it is known. */
export const accuracyScript = `${networks}
import math
def rate_at(share):
    recipe = spec["recipe"]
    wave = lambda part: (1 + math.cos(math.pi * part)) / 2
    rise, start = recipe["rise"], recipe["start"]
    return recipe["learningRate"] * (1 - (1 - start) * wave(share / rise) if share < rise else wave((share - rise) / (1 - rise)))

def digits():
    import numpy as np
    counts = spec["counts"]
    bytes = np.fromfile(spec["data"], np.uint8)
    pixels = sum(counts) * 784
    x, y = bytes[:pixels].reshape(-1, 28, 28), bytes[pixels:].astype(np.int64)
    return x[:counts[0]], y[:counts[0]], x[counts[0]:], y[counts[0]:]

# What pictures go through, as the app defines it: turned and scaled around their middle, then moved by whole pixels. For each the
# matrix [a b c; d e f] that leads from a pixel to the place that it is taken from; None where a recipe leaves pictures as they are.
def changes(np, random, count):
    recipe = spec["recipe"]
    most = recipe["shiftPixels"]
    if most == 0 and recipe["rotate"] == 0 and recipe["zoom"] == 0: return None
    moved = 13.5 + random.integers(-most, most + 1, (2, count))
    angle, scale = np.radians(random.uniform(-1, 1, count) * recipe["rotate"]), 1 + random.uniform(-1, 1, count) * recipe["zoom"]
    cos, sin = np.cos(angle) / scale, np.sin(angle) / scale
    return np.stack([cos, sin, 13.5 - cos * moved[0] - sin * moved[1], -sin, cos, 13.5 + sin * moved[0] - cos * moved[1]], 1).astype(np.float32)

def run():
    import numpy as np
    recipe, seed = spec["recipe"], spec["seed"]
    random = np.random.default_rng(seed)
    x, y, vx, vy = digits()
    step, accuracy, device, version = (torch_run if spec["framework"] == "pytorch" else keras_run)(np, seed, vx, vy)
    reply({"type": "started", "device": device, "version": version})
    size, count = recipe["batchSize"], 0
    total = recipe["epochs"] * math.ceil(len(x) / size)
    for epoch in range(1, recipe["epochs"] + 1):
        order = random.permutation(len(x))
        for at in range(0, len(x), size):
            rows = order[at:at + size]
            step(x[rows], y[rows], changes(np, random, len(rows)), rate_at(count / total))
            count += 1
        reply({"type": "epoch", "epoch": epoch, "valAccuracy": accuracy()})

def torch_run(np, seed, vx, vy):
    import torch
    import torch.nn.functional as F
    torch.manual_seed(seed)
    where, device = torch_device()
    net = torch_net(spec["layers"]).to(where, memory_format=torch.channels_last)
    optimizer, adam = torch_adam(net.parameters(), 1e-3)
    pictures = lambda x: torch.from_numpy(np.ascontiguousarray(x)).to(where)[:, None].float().div_(255).contiguous(memory_format=torch.channels_last)
    def scores(x):
        with torch.autocast(where.type, torch.bfloat16, enabled=half): return net(x).float()
    # Its places run from -1 to 1 between the middles of the outer pixels.
    def changed(x, matrices):
        if matrices is None: return x
        a, b, c, d, e, f = torch.from_numpy(matrices).to(where).unbind(1)
        theta = torch.stack([a, b, (c + 13.5 * (a + b - 1)) / 13.5, d, e, (f + 13.5 * (d + e - 1)) / 13.5], 1).view(-1, 2, 3)
        grid = F.affine_grid(theta, x.shape, align_corners=True)
        return F.grid_sample(x, grid, padding_mode="border", align_corners=True).contiguous(memory_format=torch.channels_last)
    def step(x, y, matrices, rate):
        for group in optimizer.param_groups: group["lr"] = rate
        optimizer.zero_grad()
        F.cross_entropy(scores(changed(pictures(x), matrices)), torch.from_numpy(y).to(where)).backward()
        optimizer.step()
    def accuracy():
        net.eval()
        with torch.inference_mode(): given = torch.cat([scores(pictures(vx[at:at + 500])).argmax(1) for at in range(0, len(vx), 500)])
        net.train()
        return float((given.cpu().numpy() == vy).mean())
    return step, accuracy, device, "torch " + torch.__version__ + "; channels_last, " + adam

def keras_run(np, seed, vx, vy):
    keras, tf, device = keras_setup()
    keras.utils.set_random_seed(seed)
    net = keras_net(keras, spec["layers"])
    optimizer = keras.optimizers.Adam()
    optimizer.build(net.trainable_variables)
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    pictures = lambda x: tf.cast(x[..., None], tf.float32) / 255
    shape = [tf.TensorSpec([None, 28, 28], tf.uint8), tf.TensorSpec([None], tf.int64)]
    def changed(x, matrices):
        eight = tf.pad(matrices, [[0, 0], [0, 2]])
        return tf.raw_ops.ImageProjectiveTransformV3(images=x, transforms=eight, output_shape=[28, 28], fill_value=0.0, interpolation="BILINEAR", fill_mode="NEAREST")
    # Without matrices the branch is not in the graph at all.
    is_changed = changes(np, np.random.default_rng(0), 1) is not None
    @tf.function(input_signature=[*shape, tf.TensorSpec([None, 6], tf.float32)])
    def one(x, y, matrices):
        x = changed(pictures(x), matrices) if is_changed else pictures(x)
        with tf.GradientTape() as tape: loss = loss_of(y, tf.cast(net(x, training=True), tf.float32))
        optimizer.apply_gradients(zip(tape.gradient(loss, net.trainable_variables), net.trainable_variables))
    @tf.function(input_signature=shape[:1])
    def answers(x): return tf.argmax(net(pictures(x), training=False), 1)
    def step(x, y, matrices, rate):
        optimizer.learning_rate.assign(rate)
        one(x, y, np.zeros((len(x), 6), np.float32) if matrices is None else matrices)
    def accuracy():
        given = np.concatenate([answers(vx[at:at + 500]).numpy() for at in range(0, len(vx), 500)])
        return float((given == vy).mean())
    return step, accuracy, device, "keras " + keras.__version__ + ", tensorflow " + tf.__version__ + "; tf.function"

answer(run)
`;
