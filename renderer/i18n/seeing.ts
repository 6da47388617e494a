/** Words of what the canvas shows beyond the network itself: heat, strengths of wires. */
export const en = {
  shown: 'What is shown',
  heat: 'Heat',
  heatHint: 'Colours each layer by its part of the network. A block has what is in it.',
  heatParams: 'Heat: parameters',
  heatMacs: 'Heat: MACs',
  heatMemory: 'Heat: activations',
  heatOff: 'Heat: off',
  heatScale: 'Scale of the heat',
  heatTotal: '{measure}: {total} in all',
  heatShare: '{value}, {percent} of all {measure}',
  announceHeat: 'Heat: {measure}. The most is in {node}: {value}, {percent}.',
  announceHeatOff: 'Heat is off.',
  wires: 'Wires',
} as const;

export const zh = {
  shown: '显示内容',
  heat: '热度',
  heatHint: '按各层在网络中所占的份额着色。块按其全部内容计。',
  heatParams: '热度：参数量',
  heatMacs: '热度：乘加次数',
  heatMemory: '热度：激活内存',
  heatOff: '热度：关',
  heatScale: '热度色标',
  heatTotal: '{measure}：共 {total}',
  heatShare: '{value}，占全部{measure}的 {percent}',
  announceHeat: '热度：{measure}。最多的是 {node}：{value}，{percent}。',
  announceHeatOff: '热度已关闭。',
  wires: '连线',
} as const satisfies Record<keyof typeof en, string>;
