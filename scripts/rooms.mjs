/**
 * The rooms of shared/ and of electron/, each with those it may import from besides itself. The order is the architecture: no room
 * reaches one further down the list, so there is no circle of rooms. Lint holds it, and docs/architecture.svg draws it.
 */
export const sharedRooms = {
  schema: [],
  diagnostics: ['schema'],
  ops: ['schema', 'diagnostics'],
  layers: ['schema', 'diagnostics', 'ops'],
  document: ['schema', 'diagnostics'],
  editing: ['schema', 'diagnostics', 'layers', 'document'],
  layout: ['schema', 'diagnostics', 'layers', 'document', 'editing'],
  analysis: ['schema', 'diagnostics', 'layers', 'document', 'editing'],
  compile: ['schema', 'diagnostics', 'layers', 'document', 'editing', 'analysis', 'ops'],
  transforms: ['schema', 'diagnostics', 'layers', 'document', 'editing', 'analysis', 'compile', 'ops'],
  training: ['schema', 'diagnostics'],
  figures: ['schema', 'diagnostics', 'layers', 'document', 'layout', 'analysis'],
  exports: [
    'schema',
    'diagnostics',
    'layers',
    'document',
    'layout',
    'analysis',
    'compile',
    'ops',
    'training',
    'transforms',
    'figures',
  ],
  imports: ['schema', 'diagnostics', 'layers', 'document', 'layout', 'analysis', 'compile', 'ops', 'transforms'],
  learn: ['schema', 'diagnostics', 'layers', 'document', 'editing', 'analysis', 'ops', 'transforms', 'training'],
  grading: ['schema', 'diagnostics', 'layers', 'document', 'analysis', 'learn'],
  host: ['schema', 'diagnostics', 'ops', 'document', 'transforms', 'training', 'exports', 'imports'],
};
/** In `electron/`, all that runs in Node. Every room may import from `shared/`. */
export const electronRooms = {
  files: [],
  engines: ['files'],
  data: ['files'],
  trainer: ['files', 'engines', 'data'],
  host: ['files', 'engines', 'data', 'trainer'],
  setup: ['files', 'engines', 'data', 'trainer', 'host'],
  server: ['files', 'host'],
  main: ['files', 'host', 'server', 'trainer'],
  preload: [],
  bench: ['files', 'engines', 'data', 'trainer', 'host', 'server'],
  cli: ['files', 'engines', 'data', 'host', 'setup', 'server', 'bench'],
};
