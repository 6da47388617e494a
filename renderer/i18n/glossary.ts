/** One notion of the field: its word in either language, and what no text may call it instead. */
export type Term = {
  readonly en: string;
  readonly zh: string;
  /** A text whose English has this has `zh` in its Chinese. Left out where Chinese says it in ways of its own. */
  readonly says?: RegExp;
  /** Other English words for the same, or other ways to write it. */
  readonly notEn?: RegExp;
  /** Other Chinese words for the same. */
  readonly notZh?: RegExp;
};

/**
 * The words that every text uses: `tests/unit/renderer/i18n/glossary.test.ts` reads all of the page, the layers, the findings, the lessons,
 * the templates and the command line. Other names belong into a layer's `synonyms`, where the search finds them.
 */
export const glossary: readonly Term[] = [
  { en: 'epoch', zh: '轮', says: /\bepochs?\b/i, notZh: /epoch|轮次|世代|回合/i },
  { en: 'batch', zh: '批', notZh: /批次|批量大小|批尺寸/ },
  {
    en: 'batch size',
    zh: '批大小',
    says: /\bbatch sizes?\b/i,
    notEn: /batch-size(?! [A-Z])(?<!--batch-size)|batchsize/i,
  },
  {
    en: 'learning rate',
    zh: '学习率',
    says: /\blearning rates?\b/i,
    notEn: /\bLR\b|\blearn(?:ing)?-rate\b(?<!--learning-rate)|step size/,
    notZh: /学习速率|学习步长/,
  },
  { en: 'optimizer', zh: '优化器', says: /\boptimizers?\b/i, notEn: /optimiser/i, notZh: /优化方法|优化算法/ },
  { en: 'loss', zh: '损失', says: /\b(?:training|validation) loss\b/i, notZh: /代价函数|误差函数/ },
  { en: 'accuracy', zh: '准确率', says: /\baccurac(?:y|ies)\b/i, notZh: /正确率|精确率|准确度|精度/ },
  { en: 'mean IoU', zh: '平均交并比', says: /\bmean IoU\b/i, notZh: /IoU/ },
  { en: 'seed', zh: '种子', says: /\bseeds?\b/i },
  { en: 'checkpoint', zh: '检查点', says: /\bcheckpoints?\b/i, notZh: /存档点|断点/ },
  { en: 'weights', zh: '权值', says: /\bweights\b/i, notZh: /权重/ },
  { en: 'parameter', zh: '参数', says: /\bparameters?\b/i, notZh: /参量/ },
  { en: 'bias', zh: '偏置', notZh: /偏差|偏值/ },
  { en: 'gradient', zh: '梯度', says: /\bgradients?\b/i },
  { en: 'network', zh: '网络' },
  { en: 'node', zh: '节点', notZh: /结点/ },
  { en: 'layer', zh: '层' },
  { en: 'wire', zh: '连线', notZh: /导线|连接线/ },
  { en: 'port', zh: '端口', notZh: /插口|接口/ },
  { en: 'block', zh: '块' },
  { en: 'bypass', zh: '旁路', says: /\bbypass(?:ed|es|ing)?\b/i, notZh: /绕过/ },
  { en: 'skip', zh: '跳跃连接', notZh: /跳连|跳接|跨层连接/ },
  { en: 'channel', zh: '通道', says: /\bchannels?\b/i, notZh: /信道|频道/ },
  { en: 'feature map', zh: '特征图', says: /\bfeature maps?\b/i, notEn: /activation maps?/i, notZh: /特征映射|激活图/ },
  { en: 'receptive field', zh: '感受野', says: /\breceptive fields?\b/i, notZh: /感知域|感受域|视野/ },
  { en: 'kernel', zh: '卷积核', notZh: /内核|滤波器|过滤器/ },
  { en: 'stride', zh: '步长', says: /\bstrides?\b/i, notZh: /步幅|步距/ },
  { en: 'padding', zh: '填充', notZh: /边距|补边/ },
  { en: 'dilation', zh: '空洞率', says: /\bdilation\b/i, notZh: /膨胀|扩张率/ },
  {
    en: 'up-conv',
    zh: '上卷积',
    says: /\bup-convs?\b/i,
    notEn: /\bupconv\b(?!olution)|deconv/i,
    notZh: /反卷积|逆卷积/,
  },
  { en: 'pool', zh: '池化', says: /\bpooling\b/i, notZh: /汇聚层|采样层/ },
  { en: 'batch norm', zh: '批归一化', notEn: /batch normali[sz]ation/i, notZh: /批量归一化|批标准化|批规范化/ },
  { en: 'dropout', zh: '随机失活', notZh: /暂退|随机丢弃|dropout/i },
  { en: 'flatten', zh: '展平', notZh: /拉平|压平|扁平|flatten/i },
  { en: 'crop', zh: '裁剪', notZh: /裁切|剪裁|\bcrop\b/i },
  { en: 'concat', zh: '拼接', notZh: /串接|级联|\bconcat\b/i },
  { en: 'FC', zh: '全连接', says: /\bFC\b/, notZh: /\bFC\b|稠密层/ },
  { en: 'GAP', zh: '全局池化', says: /\bGAP\b/, notZh: /\bGAP\b/ },
  { en: 'head', zh: '头' },
  { en: 'run', zh: '训练', notZh: /运行记录/ },
  { en: 'template', zh: '模板', says: /\btemplates?\b/i, notZh: /样板|范本/ },
  { en: 'engine', zh: '引擎', says: /\bengines?\b/i, notZh: /后端/ },
  { en: 'tab', zh: '标签页', notZh: /选项卡|页签/ },
  { en: 'folder', zh: '文件夹', says: /\bfolders?\b/i, notEn: /\bdirector(?:y|ies)\b/i },
  { en: 'undo', zh: '撤销', notZh: /撤消|复原/ },
  { en: 'canvas', zh: '画布', says: /\bcanvas\b/i },
];
