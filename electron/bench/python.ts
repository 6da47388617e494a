import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { createTail } from '../host/trainerProcess';
import { peerLayers } from './network';
import { createReplies, explainEnd, threadVariables } from './process';
import type { BenchProcess } from './process';
import type { BenchReply, BenchRequest } from './protocol';

/**
 * The peer networks in Python: reads one request per line, answers one per line. Both frameworks get the network in plain terms
 * (`PeerLayer`) and train it with their own Adam on one random batch.
 */
const script = `
import json, os, signal, sys, time
try: import resource
except ImportError: resource = None
# Ctrl-C reaches every process of a terminal; the benchmark decides what it means, and ends this one.
signal.signal(signal.SIGINT, signal.SIG_IGN)
spec = json.loads(sys.stdin.readline())
layers, batch, classes, dense = spec["layers"], spec["batchSize"], spec["classCount"], spec["segmentation"]
shape = layers[0]["outputShape"]

def torch_step():
    import torch
    from torch import nn
    import torch.nn.functional as F
    torch.manual_seed(1)
    torch.set_num_threads(spec["threads"])
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
    cuda = torch.cuda.is_available()
    where = torch.device("cuda" if cuda else "cpu")
    net = Net().to(where)
    x = torch.rand(batch, shape[2], shape[0], shape[1]).to(where)
    y = torch.randint(0, classes, (batch, shape[0], shape[1]) if dense else (batch,)).to(where)
    optimizer = torch.optim.Adam(net.parameters())
    def step():
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()
    device = torch.cuda.get_device_name() if cuda else "CPU, %d threads" % torch.get_num_threads()
    return step, device, "torch " + torch.__version__

def keras_step():
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import keras, tensorflow as tf
    tf.config.threading.set_intra_op_parallelism_threads(spec["threads"])
    gpus = tf.config.list_physical_devices("GPU")
    L, values = keras.layers, {}
    for l in layers:
        kind, ins = l["kind"], [values[i] for i in l["inputs"]]
        a, act = (ins[0] if ins else None), ("relu" if l["activation"] == "relu" else None)
        t, b, w, r = l["pads"]
        padding = "same" if l["same"] else "valid"
        if kind in ("conv", "pool") and any(l["pads"]) and not l["same"]: a = L.ZeroPadding2D(((t, b), (w, r)))(a)
        if kind == "input": y = keras.Input(shape)
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
        else: y = L.Activation(act or "linear")(a)
        values[l["id"]] = y
    net = keras.Model(values[layers[0]["id"]], y)
    optimizer = keras.optimizers.Adam()
    optimizer.build(net.trainable_variables)
    lossOf = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    x = tf.random.uniform([batch] + shape)
    y = tf.random.uniform([batch, shape[0], shape[1]] if dense else [batch], 0, classes, tf.int32)
    @tf.function
    def one():
        with tf.GradientTape() as tape: loss = lossOf(y, net(x, training=True))
        optimizer.apply_gradients(zip(tape.gradient(loss, net.trainable_variables), net.trainable_variables))
        return loss
    device = tf.config.experimental.get_device_details(gpus[0]).get("device_name", "GPU") if gpus else "CPU, %d threads" % tf.config.threading.get_intra_op_parallelism_threads()
    return lambda: float(one()), device, "keras " + keras.__version__ + ", tensorflow " + tf.__version__

def reply(message): print(json.dumps(message), flush=True)
# Kilobytes, but bytes on macOS; Windows does not tell.
def peak(): return 0 if resource is None else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
try:
    step, device, version = torch_step() if spec["candidate"] == "pytorch" else keras_step()
    reply({"type": "ready", "device": device, "version": version, "loss": step()})
    for line in sys.stdin:
        times = []
        for _ in range(json.loads(line)["count"]):
            begin = time.perf_counter()
            step()
            times.append((time.perf_counter() - begin) * 1000)
        reply({"type": "times", "stepsMs": times, "peakBytes": peak()})
except ModuleNotFoundError as error:
    reply({"type": "cannot", "why": "this Python has no %s; pip can install it there" % error.name})
except Exception as error:
    reply({"type": "cannot", "why": "%s: %s" % (type(error).__name__, error)})
`;

/** Starts a peer framework in a Python. */
export function startPython(python: string, threads: number): BenchProcess {
  const child = spawn(python, ['-u', '-c', script], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...threadVariables(threads) },
  });
  const replies = createReplies();
  const errorOutput = createTail();
  child.stderr.on('data', (chunk) => errorOutput.add(chunk));
  child.on('error', (error) => replies.end(error.message));
  child.on('close', (code, signal) => replies.end(explainEnd(code, signal, errorOutput.text())));
  child.stdin.on('error', () => undefined);
  // Our own script's answers, one JSON value a line; frameworks that print something else there are ignored.
  createInterface(child.stdout).on('line', (line) => {
    if (line.startsWith('{"type"')) replies.tell(JSON.parse(line) as BenchReply);
  });
  return {
    send: (request) => {
      const message = pythonRequest(request);
      if (typeof message === 'string') child.stdin.write(`${message}\n`);
      else replies.tell({ type: 'cannot', why: `the peer networks have no ${message.lacking}` });
    },
    onReply: replies.on,
    kill: () => void child.kill('SIGKILL'),
  };
}

/** Whether a path is a Python that starts; if not, the reason. */
export async function findPythonFault(python: string): Promise<string | null> {
  return await new Promise((resolve) => {
    execFile(python, ['-c', 'import sys; print(sys.version_info[0])'], { timeout: 30_000 }, (error, stdout) => {
      if (error === null) resolve(stdout.trim() === '3' ? null : 'it does not answer as Python 3 does');
      else if ('code' in error && error.code === 'ENOENT') resolve('there is no such program');
      else resolve(error.message.trim().split('\n').at(-1) ?? 'it does not start');
    });
  });
}

/** The line that asks for the same. */
function pythonRequest(request: BenchRequest): string | { readonly lacking: string } {
  if (request.type !== 'prepare') return JSON.stringify(request);
  const { candidate, benchCase, threads } = request;
  const layers = peerLayers(benchCase.document);
  if ('lacking' in layers) return layers;
  const { batchSize, task } = benchCase;
  const segmentation = task.kind === 'segmentation';
  return JSON.stringify({ candidate, threads, layers, batchSize, classCount: task.classCount, segmentation });
}
