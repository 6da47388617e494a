export { benchMarkdown } from './markdown';
export { benchCaseIds } from './network';
export { candidates } from './report';
export type { CandidateId } from './report';
export { opCaseIds } from './opCases';
export { runBench } from './runBench';
export { uiMarkdown } from './ui/markdown';
export { uiSubjectIds } from './ui/measures';
export { runUiBench } from './ui/runUiBench';
