import type { GeneratedFile } from '../../files';
import { parquetReader } from '../../python/files';

const sbatch = `#!/bin/bash
#SBATCH --job-name=train
#SBATCH --nodes=1
#SBATCH --ntasks-per-node=1
#SBATCH --gpus-per-node=2
#SBATCH --cpus-per-task=8
#SBATCH --time=04:00:00
#SBATCH --signal=TERM@120
#SBATCH --output=train-%j.log

# sbatch train.sbatch --epochs 20; the project and the data lie on a disk that the node sees.
# Before the time is up the run is stopped with a checkpoint: go on with --resume runs/RUN.
cd "$SLURM_SUBMIT_DIR" || exit 1
exec srun uv run \\
    torchrun --standalone --nproc-per-node="$SLURM_GPUS_ON_NODE" train.py "$@"
`;

const sky = `# sky launch train.sky.yaml; other accelerators: --gpus A100:4
name: train

resources:
  accelerators: L4:1

workdir: .

setup: |
  pip install "numpy>=1.26" "pillow>=10" "${parquetReader}" "torch>=2.4"

run: |
  torchrun --standalone --nproc-per-node="$SKYPILOT_NUM_GPUS_PER_NODE" train.py
`;

type Cell = { readonly kind: 'markdown' | 'code'; readonly lines: readonly string[] };

const cells: readonly Cell[] = [
  {
    kind: 'markdown',
    lines: [
      '# Training',
      '',
      'The files of the project lie beside this notebook; `train.py --help` lists the options.',
    ],
  },
  {
    kind: 'code',
    lines: [`%pip install --quiet "numpy>=1.26" "pillow>=10" "${parquetReader}" "torch>=2.4" matplotlib`],
  },
  { kind: 'code', lines: ['!python train.py --out runs/notebook'] },
  {
    kind: 'code',
    lines: [
      'import json',
      'from pathlib import Path',
      '',
      'import matplotlib.pyplot as plt',
      '',
      'lines = Path("runs/notebook/metrics.jsonl").read_text().splitlines()',
      'steps = [event for event in map(json.loads, lines) if event["type"] == "step"]',
      'plt.plot([event["step"] for event in steps], [event["loss"] for event in steps])',
      'plt.xlabel("step")',
      'plt.ylabel("loss")',
      'plt.show()',
    ],
  },
];

function notebook(): string {
  const sources = cells.map(({ kind, lines }, at) => ({
    cell_type: kind,
    id: `cell-${at + 1}`,
    metadata: {},
    ...(kind === 'code' && { execution_count: null, outputs: [] }),
    source: lines.map((line, place) => (place < lines.length - 1 ? `${line}\n` : line)),
  }));
  const kernel = { display_name: 'Python 3', language: 'python', name: 'python3' };
  const metadata = { kernelspec: kernel, language_info: { name: 'python' } };
  return `${JSON.stringify({ cells: sources, metadata, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`;
}

/** How a project is trained on other machines: by SLURM, by SkyPilot, and in a notebook. */
export const launchers: readonly GeneratedFile[] = [
  { path: 'train.sbatch', text: sbatch },
  { path: 'train.sky.yaml', text: sky },
  { path: 'train.ipynb', text: notebook() },
];
