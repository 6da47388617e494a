export { benchMarkdown } from './markdown';
export { runBench } from './runBench';
export type { BenchOptions, BenchReport, CandidateResult, CaseResult } from './runBench';
export type { BenchTemplates } from './network';
