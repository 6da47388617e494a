export { benchMarkdown } from './markdown';
export { runBench } from './runBench';
