export { benchMarkdown } from './markdown';
export { benchCaseIds } from './network';
export { opCaseIds } from './opCases';
export { runBench } from './runBench';
export { uiMarkdown } from './ui/markdown';
export { uiSubjectIds } from './ui/measures';
export { runUiBench } from './ui/runUiBench';
