/** What the README of a project says of its training. */
export function trainingWords(framework: string, several: string): string {
  return `- \`train.py\`: trains as Convloom does, with the settings of the network; \`--help\` lists the options that go before them. The data, their split
  and the order of the samples are Convloom's, so are the optimizer, its schedule and the law of the first weights; the random numbers of the
  first weights and of dropout are ${framework}'s. \`data.py\`, \`pictures.py\`, \`label_table.py\`, \`pairs.py\`, \`restoring.py\`, \`arrays.py\`, \`table.py\`, \`parquet.py\`, \`parquet_pictures.py\` and \`order.py\` read data, \`labels.py\` has what any number of classes asks for, \`augment.py\` changes pictures, \`mixing.py\` mixes samples, \`options.py\` the command line,
  \`trainer.py\` goes through the epochs, \`scores.py\` counts, \`run_folder.py\` writes the run.

## Training

    uv run train.py --data images:photos --epochs 20   # a folder for each class, or a table labels.csv with any number of classes for each
${several}    uv run train.py --resume runs/RUN          # goes on where a run was broken off

The run's folder has what a run of Convloom has: \`run.json\`, \`network.json\`, \`metrics.jsonl\`, \`weights.safetensors\`. \`convloom evaluate runs/RUN\`
and \`convloom predict runs/RUN\` take it, and so does \`predict.py SAMPLE runs/RUN\`; \`--weights FILE\` begins a run with the weights of another. To go on with it is \`train.py\`'s: the
checkpoint is of ${framework}.
`;
}
